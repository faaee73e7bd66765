namespace OrleansBackup.Vault.Tests.Given;

/// <summary>A clock that a test moves.</summary>
internal sealed class ManualClock(DateTimeOffset? start = null) : TimeProvider
{
    private DateTimeOffset _now = start ?? new(2026, 3, 1, 2, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan by) => _now += by;
}
