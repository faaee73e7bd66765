namespace OrleansBackup.Tests;

/// <summary>Waiting in tests, which assert nothing about time: what never comes ends here with a message, and a machine that is slow or shared never gets this far.</summary>
internal static class Hang
{
    /// <summary>Ends what hangs. No shorter limit belongs into a test: on a loaded machine a fault of none of ours would fail it.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(5);

    /// <summary>Between two looks at something that nobody tells of. Looking without a pause takes a whole core from what is waited for.</summary>
    public static Task MomentAsync(CancellationToken cancellation = default) => Task.Delay(Moment, TimeProvider.System, cancellation);
}
