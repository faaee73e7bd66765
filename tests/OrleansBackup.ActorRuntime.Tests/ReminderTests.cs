using OrleansBackup.ActorRuntime.Tests.Fixtures;
using OrleansBackup.ActorRuntime.Tests.Grains;

namespace OrleansBackup.ActorRuntime.Tests;

/// <summary>A reminder outlives the process, comes at least once per period, and never twice at a time.</summary>
public sealed class ReminderTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly string _name = Guid.NewGuid().ToString("N");

    private Rendezvous Here => Rendezvous.At(_name);

    [Fact]
    public async Task A_reminder_comes_when_due_and_then_each_period()
    {
        await using var given = await Given.ASilo();
        await Grain(given).Remind("daily", Hour, Hour);
        given.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Empty(Here.Notes);

        await Pass(given, TimeSpan.FromMinutes(1), "daily done", 1);
        await Pass(given, Hour, "daily done", 2);
        await Pass(given, Hour, "daily done", 3);
    }

    [Fact]
    public async Task A_reminder_survives_an_abrupt_stop()
    {
        await using var given = await Given.ASilo();
        await Grain(given).Remind("daily", Hour, Hour);
        await given.Kill();
        given.Clock.Advance(TimeSpan.FromHours(5.5));

        await given.Start();

        await Pass(given, TimeSpan.FromMinutes(30), "daily done", 1); // in its old rhythm
    }

    [Fact]
    public async Task What_was_delivered_before_the_stop_does_not_come_again()
    {
        await using var given = await Given.ASilo();
        await Grain(given).Remind("daily", Hour, Hour);
        await Pass(given, Hour, "daily done", 1);
        await given.Stop();
        given.Clock.Advance(TimeSpan.FromMinutes(1));

        await given.Start();
        await Grain(given).Remind("probe", TimeSpan.Zero, Hour); // due later than a repeated tick would be, so it would come after it
        await Here.Noted("probe done");

        Assert.Equal(1, Here.Notes.Count(note => note == "daily done"));
        await Pass(given, TimeSpan.FromMinutes(59), "daily done", 2);
    }

    [Fact]
    public async Task A_clock_that_jumps_days_ahead_brings_one_tick()
    {
        await using var given = await Given.ASilo();
        await Grain(given).Remind("daily", Hour, Hour);

        given.Clock.Jump(TimeSpan.FromDays(3));

        await Here.Noted("daily done");
        await Pass(given, Hour, "daily done", 2);
        Assert.Equal(2, Here.Notes.Count(note => note == "daily done"));
    }

    [Fact]
    public async Task A_tick_that_still_runs_keeps_the_next_one_away()
    {
        await using var given = await Given.ASilo();
        var grain = given.Client.GetGrain<IRestlessGrain>(_name); // would take two at a time, if two came
        await grain.Remind("slow", Hour, Hour);
        await grain.Remind("quick", Hour, Hour);
        await Pass(given, Hour, "slow", 1);

        for (var i = 1; i <= 5; i++)
            await Pass(given, Hour, "quick", i);
        Assert.Equal(1, Here.Notes.Count(note => note == "slow"));
        Here.Open();

        await Pass(given, Hour, "slow", 2);
    }

    [Fact]
    public async Task A_tick_that_fails_does_not_end_the_reminder()
    {
        await using var given = await Given.ASilo();
        await Grain(given).Remind("bad", Hour, Hour);
        await Pass(given, Hour, "bad", 1);
        await Pass(given, Hour, "bad", 2);
    }

    [Fact]
    public async Task A_reminder_that_is_unregistered_is_gone_for_good()
    {
        await using var given = await Given.ASilo();
        await Grain(given).Remind("daily", Hour, Hour);
        await Grain(given).Remind("other", 2 * Hour, Hour);
        Assert.Equal(["daily", "other"], await Grain(given).Reminders());
        Assert.True(await Grain(given).Forget("daily"));
        Assert.False(await Grain(given).Forget("daily"));
        await given.Kill();

        await given.Start();
        await Pass(given, 2 * Hour, "other done", 1);

        Assert.Equal(["other"], await Grain(given).Reminders());
        Assert.DoesNotContain("daily", Here.Notes);
    }

    [Fact]
    public async Task Registering_again_replaces_the_schedule()
    {
        await using var given = await Given.ASilo();
        await Grain(given).Remind("daily", Hour, Hour);
        await Grain(given).Remind("daily", 10 * Hour, Hour);
        given.Clock.Advance(9 * Hour);
        Assert.Empty(Here.Notes);
        await Pass(given, Hour, "daily done", 1);
    }

    [Fact]
    public async Task A_period_below_the_minimum_is_refused()
    {
        await using var given = await Given.ASilo();
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Grain(given).Remind("hasty", Hour, TimeSpan.FromSeconds(59)));
    }

    [Fact]
    public async Task A_thousand_reminders_all_come_after_a_restart()
    {
        await using var given = await Given.ASilo();
        var names = Enumerable.Range(0, 1000).Select(i => $"{_name}-{i}").ToArray();
        await Task.WhenAll(names.Select(name => given.Client.GetGrain<IClockworkGrain>(name).Remind("daily", Hour, Hour)));
        await given.Kill();

        await given.Start();
        await Grain(given).Remind("probe", 10 * Hour, Hour); // waits until what is stored has been read
        given.Clock.Advance(Hour);

        await Task.WhenAll(names.Select(name => Rendezvous.At(name).Noted("daily done")));
    }

    private IClockworkGrain Grain(Given given) => given.Client.GetGrain<IClockworkGrain>(_name);

    private async Task Pass(Given given, TimeSpan time, string note, int times)
    {
        await Grain(given).Reminders(); // answered by who delivers the ticks, so an earlier one has had its end
        given.Clock.Advance(time);
        await Here.Noted(note, times);
    }
}
