using OrleansBackup.Grains.Budget;
using OrleansBackup.Grains.Tests.Given;

namespace OrleansBackup.Grains.Tests.Budget;

/// <summary>How long a run waited for the tenant's budget.</summary>
public sealed class RequestMeterTests
{
    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 3, 2, 20, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Requests_that_wait_at_once_count_once()
    {
        var meter = RequestMeter.Begin();
        var one = RequestMeter.BeginWait(_clock);
        _clock.Advance(TimeSpan.FromSeconds(2));
        var other = RequestMeter.BeginWait(_clock);
        _clock.Advance(TimeSpan.FromSeconds(3));
        one!.Dispose();
        _clock.Advance(TimeSpan.FromSeconds(4));
        other!.Dispose();
        _clock.Advance(TimeSpan.FromSeconds(100));
        Assert.Equal(9, meter.Waited.TotalSeconds, 3);
        using (RequestMeter.BeginWait(_clock))
            _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(10, meter.Waited.TotalSeconds, 3);
    }
}
