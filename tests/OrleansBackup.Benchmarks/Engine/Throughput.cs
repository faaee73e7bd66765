namespace OrleansBackup.Benchmarks.Engine;

/// <summary>How much of something goes through in a second.</summary>
/// <param name="PerSecond">Of whatever one step counts for.</param>
/// <param name="BytesAllocated">By the whole process, for one.</param>
internal sealed record Throughput(double PerSecond, double BytesAllocated)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(3);

    /// <summary>Runs chains side by side, each one step after the other: a second to warm up, then three that count.</summary>
    /// <param name="step">Gets the number of its chain and, never the same twice in a chain, of the step.</param>
    /// <param name="weight">What one step counts for.</param>
    public static async Task<Throughput> MeasureAsync(int chains, Func<int, int, Task> step, int weight, CancellationToken cancellation)
    {
        var next = new int[chains];
        await RunAsync(WarmUp);
        var (allocated, begin) = (GC.GetTotalAllocatedBytes(precise: true), TimeProvider.System.GetTimestamp());
        var steps = await RunAsync(Measured);
        var elapsed = TimeProvider.System.GetElapsedTime(begin);
        return new Throughput(
            steps * (double)weight / elapsed.TotalSeconds,
            (GC.GetTotalAllocatedBytes(precise: true) - allocated) / ((double)steps * weight));

        async Task<long> RunAsync(TimeSpan time)
        {
            var start = TimeProvider.System.GetTimestamp();
            var counts = await Task.WhenAll(Enumerable.Range(0, chains).Select(chain => Task.Run(async () =>
            {
                var count = 0L;
                for (; TimeProvider.System.GetElapsedTime(start) < time; count++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    await step(chain, next[chain]++);
                }
                return count;
            }, cancellation)));
            return counts.Sum();
        }
    }
}
