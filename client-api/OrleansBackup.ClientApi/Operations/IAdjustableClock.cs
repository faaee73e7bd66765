namespace OrleansBackup.ClientApi.Operations;

/// <summary>A clock that can be put forward, for demonstrations and tests. Not registered: the server runs on the machine's own clock.</summary>
public interface IAdjustableClock
{
    DateTimeOffset GetUtcNow();

    /// <summary>Puts the clock forward; whatever fell due on the way happens now.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The shift is not forward, or goes past the calendar's end.</exception>
    void Advance(TimeSpan shift);
}
