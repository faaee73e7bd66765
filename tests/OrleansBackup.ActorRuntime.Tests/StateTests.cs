using Orleans.Storage;
using OrleansBackup.ActorRuntime.Tests.Fixtures;
using OrleansBackup.ActorRuntime.Tests.Grains;

namespace OrleansBackup.ActorRuntime.Tests;

/// <summary>State written is there afterwards, and has one owner.</summary>
public sealed class StateTests
{
    [Fact]
    public async Task State_written_survives_an_abrupt_stop()
    {
        await using var given = await Given.ASilo();
        await given.Client.GetGrain<ICounterGrain>("a").Add(5);
        await given.Kill();

        await given.Start();

        Assert.Equal(5, await given.Client.GetGrain<ICounterGrain>("a").Current());
    }

    [Fact]
    public async Task State_that_was_cleared_is_gone()
    {
        await using var given = await Given.ASilo();
        var counter = given.Client.GetGrain<ICounterGrain>("a");
        await counter.Add(5);
        await counter.Forget();
        Assert.Equal(0, await counter.Current());
        await given.Kill();

        await given.Start();

        Assert.Equal(0, await given.Client.GetGrain<ICounterGrain>("a").Current());
        Assert.Equal(7, await given.Client.GetGrain<ICounterGrain>("a").Add(7));
    }

    [Fact]
    public async Task A_record_exists_and_has_an_etag_once_it_was_written()
    {
        await using var given = await Given.ASilo();
        var grain = given.Client.GetGrain<IRivalGrain>("a");
        Assert.Equal((false, false), await grain.Record());
        await grain.Write(1);
        Assert.Equal((true, true), await grain.Record());
    }

    [Fact]
    public async Task Of_two_writers_with_one_etag_the_second_fails_and_comes_back_with_what_is_stored()
    {
        await using var given = await Given.ASilo();
        var grain = given.Client.GetGrain<IRivalGrain>("a");
        var before = await grain.Activation();
        await grain.Write(1);
        await grain.Usurp(2);

        await Assert.ThrowsAsync<InconsistentStateException>(() => grain.Write(3));

        Assert.Equal(2, await grain.Value());
        Assert.NotEqual(before, await grain.Activation());
    }

    [Fact]
    public async Task Of_two_writers_that_both_found_nothing_the_second_fails()
    {
        await using var given = await Given.ASilo();
        var grain = given.Client.GetGrain<IRivalGrain>("a");
        await grain.Usurp(2);
        await Assert.ThrowsAsync<InconsistentStateException>(() => grain.Write(3));
        Assert.Equal(2, await grain.Value());
    }

    [Fact]
    public async Task A_grain_that_handles_the_conflict_stays()
    {
        await using var given = await Given.ASilo();
        var grain = given.Client.GetGrain<IRivalGrain>("a");
        var before = await grain.Activation();
        await grain.Usurp(2);
        Assert.False(await grain.TryWrite(3));
        Assert.True(await grain.TryWrite(4));
        Assert.Equal(before, await grain.Activation());
    }
}
