namespace OrleansBackup.Silo.Operations;

/// <summary>Since when this process has been up, on its own clock.</summary>
internal sealed class ServerStart(TimeProvider time)
{
    public DateTimeOffset At { get; } = time.GetUtcNow();
}
