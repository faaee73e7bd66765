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
}
