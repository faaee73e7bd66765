using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.Silo.Clock;

namespace OrleansBackup.ClientApi.Tests.Clock;

public sealed class AdjustableClockTests
{
    private readonly ManualClock _real = new(Sample.Noon);
    private readonly AdjustableClock _clock;

    public AdjustableClockTests() => _clock = new AdjustableClock(_real, TimeSpan.FromDays(10));

    [Fact]
    public void It_shows_real_time_plus_every_shift()
    {
        _real.Pass(TimeSpan.FromHours(1));
        _clock.Advance(TimeSpan.FromDays(1));
        _real.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(Sample.Noon.AddDays(11).AddMinutes(61), _clock.GetUtcNow());
    }

    [Fact]
    public void A_shift_does_not_age_what_counts_elapsed_time()
    {
        var stamp = _clock.GetTimestamp();
        _real.Pass(TimeSpan.FromSeconds(3));
        _clock.Advance(TimeSpan.FromHours(5));
        Assert.Equal(TimeSpan.FromSeconds(3), _clock.GetElapsedTime(stamp));
    }

    [Fact]
    public void It_never_goes_back()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _clock.Advance(TimeSpan.FromTicks(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => _clock.Advance(TimeSpan.MaxValue));
        Assert.Equal(Sample.Noon.AddDays(10), _clock.GetUtcNow());
    }

    [Fact]
    public void A_timer_fires_when_real_time_reaches_its_moment()
    {
        var fired = 0;
        using var timer = _clock.CreateTimer(_ => fired++, null, TimeSpan.FromMinutes(10), Timeout.InfiniteTimeSpan);
        Pass(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, fired);
        Pass(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, fired);
        Pass(TimeSpan.FromDays(1));
        Assert.Equal(1, fired);
    }

    [Fact]
    public void A_timer_fires_when_a_shift_passes_its_moment_and_not_when_it_falls_short()
    {
        var fired = 0;
        using var timer = _clock.CreateTimer(_ => fired++, null, TimeSpan.FromHours(10), Timeout.InfiniteTimeSpan);
        Shift(TimeSpan.FromHours(9));
        Assert.Equal(0, fired);
        Pass(TimeSpan.FromMinutes(59));
        Assert.Equal(0, fired);
        Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(1, fired);
    }

    [Fact]
    public void A_shift_over_many_periods_lets_a_timer_fire_once_and_its_period_begins_anew()
    {
        var fired = new List<DateTimeOffset>();
        using var timer = _clock.CreateTimer(_ => fired.Add(_clock.GetUtcNow()), null, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        Shift(TimeSpan.FromDays(1));
        Assert.Single(fired);
        Pass(TimeSpan.FromSeconds(59));
        Assert.Single(fired);
        Pass(TimeSpan.FromSeconds(1));
        Pass(TimeSpan.FromMinutes(2));
        Assert.Equal(4, fired.Count);
        Assert.Equal(TimeSpan.FromMinutes(3), fired[^1] - fired[0]);
    }

    [Fact]
    public void A_timer_that_was_changed_or_disposed_keeps_quiet()
    {
        var fired = 0;
        var changed = _clock.CreateTimer(_ => fired++, null, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        var disposed = _clock.CreateTimer(_ => fired++, null, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        Assert.True(changed.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        disposed.Dispose();
        Assert.False(disposed.Change(TimeSpan.Zero, TimeSpan.Zero));
        Shift(TimeSpan.FromDays(1));
        Assert.Equal(0, fired);
        Assert.Equal(0, _real.Armed);
        changed.Dispose();
    }

    [Fact]
    public void A_timer_may_set_itself_again_while_it_fires()
    {
        var fired = 0;
        ITimer? timer = null;
        timer = _clock.CreateTimer(_ => { fired++; timer!.Change(TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan); }, null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
        Shift(TimeSpan.FromHours(1));
        Shift(TimeSpan.FromHours(1));
        Assert.Equal(2, fired);
        timer.Dispose();
    }

    [Fact]
    public async Task A_delay_ends_with_the_shift_that_passes_it()
    {
        var delay = Task.Delay(TimeSpan.FromDays(30), _clock);
        Shift(TimeSpan.FromDays(29));
        Assert.False(delay.IsCompleted);
        Shift(TimeSpan.FromDays(1));
        await delay.WaitAsync(Hang.Limit); // fails when the delay did not notice the shift
    }

    [Fact]
    public async Task Shifts_and_timers_from_many_threads_lose_nothing()
    {
        var clock = new AdjustableClock(TimeProvider.System, TimeSpan.Zero);
        Task<Task>[] setting = [.. Enumerable.Range(0, 400).Select(n => Task.Run(() => Task.FromResult(Task.Delay(TimeSpan.FromMinutes(1 + (n % 50)), clock))))];
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var n = 0; n < 100; n++)
                clock.Advance(TimeSpan.FromMinutes(1));
        })));
        var delays = await Task.WhenAll(setting);
        clock.Advance(TimeSpan.FromHours(1)); // for those that were set after the last shift above
        await Task.WhenAll(delays).WaitAsync(Hang.Limit); // fails when a delay was lost
    }

    // A real timer that is due fires by itself; the manual one fires when time passes, be it none at all.
    private void Shift(TimeSpan shift)
    {
        _clock.Advance(shift);
        _real.Pass(TimeSpan.Zero);
    }

    private void Pass(TimeSpan span) => _real.Pass(span);
}
