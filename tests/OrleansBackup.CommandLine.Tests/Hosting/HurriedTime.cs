using System.Collections.Concurrent;

namespace OrleansBackup.CommandLine.Tests.Hosting;

/// <summary>Waits are noted and over at once; limits (longer than any wait) never fall due. Its zone is Amsterdam's.</summary>
internal sealed class HurriedTime : TimeProvider
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);

    public ConcurrentQueue<TimeSpan> Waits { get; } = new();

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.FindSystemTimeZoneById("Europe/Amsterdam");

    public override DateTimeOffset GetUtcNow() => new(2026, 3, 2, 20, 30, 0, TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime >= TimeSpan.Zero && dueTime <= LongestWait)
        {
            Waits.Enqueue(dueTime);
            ThreadPool.QueueUserWorkItem(_ => callback(state));
        }
        return new Nothing();
    }

    private sealed class Nothing : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
