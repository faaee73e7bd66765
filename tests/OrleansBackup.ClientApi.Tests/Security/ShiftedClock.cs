namespace OrleansBackup.ClientApi.Tests.Security;

/// <summary>What time it is, as the test says; timers of the server run by the machine's clock.</summary>
internal sealed class ShiftedClock(DateTimeOffset start) : TimeProvider
{
    private long _passed; // ticks; also read by the server's threads

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => start.AddTicks(Interlocked.Read(ref _passed));

    public override long GetTimestamp() => Interlocked.Read(ref _passed);

    public void Advance(TimeSpan span) => Interlocked.Add(ref _passed, span.Ticks);
}
