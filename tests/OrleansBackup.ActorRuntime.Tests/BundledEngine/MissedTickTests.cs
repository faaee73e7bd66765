using OrleansBackup.ActorRuntime.Tests.Fixtures;
using OrleansBackup.ActorRuntime.Tests.Grains;

namespace OrleansBackup.ActorRuntime.Tests.BundledEngine;

/// <summary>Ticks that fell due while nobody could take them are made up, once for all of them.</summary>
/// <remarks>Orleans waits for the next occurrence instead; grains must not rely on either.</remarks>
public sealed class MissedTickTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly string _name = Guid.NewGuid().ToString("N");

    private Rendezvous Here => Rendezvous.At(_name);

    [Fact]
    public async Task What_was_missed_while_the_silo_was_down_is_made_up_once()
    {
        await using var given = await Given.ASilo();
        await Grain(given).Remind("daily", Hour, Hour);
        await given.Kill();
        given.Clock.Advance(TimeSpan.FromHours(5.5));

        await given.Start();

        await Here.Noted("daily done");
        await Pass(given, TimeSpan.FromMinutes(30), "daily done", 2); // back in its old rhythm
        Assert.Equal(2, Here.Notes.Count(note => note == "daily done"));
    }

    [Fact]
    public async Task What_fell_due_while_a_tick_still_ran_comes_once_after_it()
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

        await Here.Noted("slow", 2); // what fell due in the meantime, once
        await Pass(given, Hour, "slow", 3);
    }

    [Fact]
    public async Task A_thousand_reminders_that_are_all_overdue_all_come()
    {
        await using var given = await Given.ASilo();
        var names = Enumerable.Range(0, 1000).Select(i => $"{_name}-{i}").ToArray();
        await Task.WhenAll(names.Select(name => given.Client.GetGrain<IClockworkGrain>(name).Remind("daily", Hour, Hour)));
        await given.Kill();
        given.Clock.Advance(Hour);

        await given.Start();

        await Task.WhenAll(names.Select(name => Rendezvous.At(name).Noted("daily done")));
    }

    private IClockworkGrain Grain(Given given) => given.Client.GetGrain<IClockworkGrain>(_name);

    private async Task Pass(Given given, TimeSpan time, string note, int times)
    {
        given.Clock.Advance(time);
        await Here.Noted(note, times);
    }
}
