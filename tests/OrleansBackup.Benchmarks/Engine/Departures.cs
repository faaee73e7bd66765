namespace OrleansBackup.Benchmarks.Engine;

/// <summary>Counts deactivations. Static, since grains are made by the engine and a benchmark has one silo at a time.</summary>
internal static class Departures
{
    private static TaskCompletionSource _all = new();
    private static int _left;

    /// <summary>A task that ends with the deactivation that makes it so many from now.</summary>
    public static Task Expect(int count)
    {
        _all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _left = count;
        return _all.Task;
    }

    public static void One()
    {
        if (Interlocked.Decrement(ref _left) == 0)
            _all.TrySetResult();
    }
}
