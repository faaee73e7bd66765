namespace OrleansBackup.CloudStores.Transient;

/// <summary>One attempt failed in a way that may pass. Never leaves this project: after the last attempt it becomes what <paramref name="final"/> makes of it.</summary>
internal sealed class PassingFailureException(string message, TimeSpan? retryAfter, Func<Exception, Exception> final, Exception? inner = null) : Exception(message, inner)
{
    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>What to tell the caller when no attempt is left.</summary>
    public Exception Final() => final(this);
}
