using OrleansBackup.ActorRuntime.Tests.Fixtures;
using OrleansBackup.ActorRuntime.Tests.Grains;

namespace OrleansBackup.ActorRuntime.Tests;

/// <summary>Timers tick as turns of their grain and end with it.</summary>
public sealed class TimerTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly string _name = Guid.NewGuid().ToString("N");

    private Rendezvous Here => Rendezvous.At(_name);

    [Fact]
    public async Task A_timer_ticks_on_the_grains_scheduler()
    {
        await using var given = await Given.ASilo();
        await given.Client.GetGrain<IClockworkGrain>(_name).StartTimer("tick", Minute, Minute, interleave: false);
        given.Clock.Advance(Minute);
        await Here.Noted("tick");
    }

    [Fact]
    public async Task A_tick_waits_for_its_turn_unless_it_interleaves()
    {
        await using var given = await Given.ASilo();
        var grain = given.Client.GetGrain<IClockworkGrain>(_name);
        await grain.StartTimer("patient", TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan, interleave: false);
        await grain.StartTimer("eager", TimeSpan.FromSeconds(6), Timeout.InfiniteTimeSpan, interleave: true);
        var waiting = grain.Wait();
        await Here.Noted("waits");

        given.Clock.Advance(TimeSpan.FromSeconds(10));
        await Here.Noted("eager");
        Here.Open();
        await waiting;
        await Here.Noted("patient");

        Assert.Equal(["waits", "eager", "waited", "patient"], Here.Notes);
    }

    [Fact]
    public async Task A_timer_that_is_disposed_or_whose_grain_has_gone_ticks_no_more()
    {
        await using var given = await Given.ASilo();
        var grain = given.Client.GetGrain<IClockworkGrain>(_name);
        await grain.StartTimer("disposed", Minute, Minute, interleave: true);
        await grain.StopTimer();
        await grain.StartTimer("orphan", Minute, Minute, interleave: true);
        await grain.GoAway();
        await grain.StartTimer("alive", Minute, Minute, interleave: true);

        given.Clock.Advance(Minute);

        await Here.Noted("alive");
        Assert.Equal(["alive"], Here.Notes);
    }
}
