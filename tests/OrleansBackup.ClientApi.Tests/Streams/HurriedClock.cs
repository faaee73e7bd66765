namespace OrleansBackup.ClientApi.Tests.Streams;

/// <summary>A clock under which no wait of some seconds takes any time.</summary>
internal sealed class HurriedClock : TimeProvider
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime >= TimeSpan.Zero && dueTime <= LongestWait ? TimeSpan.Zero : dueTime, period);
}
