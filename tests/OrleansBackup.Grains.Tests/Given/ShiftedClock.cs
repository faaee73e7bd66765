namespace OrleansBackup.Grains.Tests.Given;

/// <summary>Real time plus an offset: days pass when a test says so, waits of milliseconds stay waits of milliseconds.</summary>
internal sealed class ShiftedClock : TimeProvider
{
    private long _offsetTicks;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _offsetTicks));

    public void Shift(TimeSpan by) => Interlocked.Add(ref _offsetTicks, by.Ticks);
}
