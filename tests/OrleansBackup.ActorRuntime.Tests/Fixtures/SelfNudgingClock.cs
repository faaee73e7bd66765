namespace OrleansBackup.ActorRuntime.Tests.Fixtures;

/// <summary>A test's clock as the reminders of Orleans see it: it moves by itself for waits of milliseconds.</summary>
/// <remarks>
/// Orleans lets a reminder that is due already wait a moment, so as not to spin. Whether it finds it due already or still to come
/// depends on whether it looks before or after the test moves the clock, so no test could know when to move it for that moment.
/// </remarks>
internal sealed class SelfNudgingClock(ManualClock clock) : TimeProvider
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);

    public override long TimestampFrequency => clock.TimestampFrequency;
    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();
    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = clock.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero && dueTime <= Moment)
            ThreadPool.QueueUserWorkItem(_ => clock.Advance(dueTime));
        return timer;
    }
}
