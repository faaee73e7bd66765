namespace OrleansBackup.GraphSimulator.World;

/// <summary>The tenants' clock: real time flows, plus an offset, so that a demo can live through a month in a minute.</summary>
/// <remarks>Token expiry and limits use <see cref="Real"/>: moving the days must not end a sign-in or refill a budget.</remarks>
public sealed class SimulatorClock(TimeProvider real) : TimeProvider
{
    private long _offsetTicks;

    /// <summary>The clock without the offset.</summary>
    public TimeProvider Real { get; } = real;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Real.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _offsetTicks));

    /// <inheritdoc/>
    public override long GetTimestamp() => Real.GetTimestamp();

    /// <inheritdoc/>
    public override long TimestampFrequency => Real.TimestampFrequency;

    /// <summary>Moves the clock; negative moves back. Events keep their order: a mailbox never records an earlier time than its last.</summary>
    public void Advance(TimeSpan by) => Interlocked.Add(ref _offsetTicks, by.Ticks);

    /// <summary>Makes it <paramref name="now"/>; time flows on from there.</summary>
    public void Set(DateTimeOffset now) => Interlocked.Exchange(ref _offsetTicks, (now - Real.GetUtcNow()).Ticks);
}
