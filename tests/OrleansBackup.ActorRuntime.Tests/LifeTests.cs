using Orleans.Hosting;
using OrleansBackup.ActorRuntime.Tests.Fixtures;
using OrleansBackup.ActorRuntime.Tests.Grains;

namespace OrleansBackup.ActorRuntime.Tests;

/// <summary>Grains come on demand and go when idle, when asked, or with the silo.</summary>
public sealed class LifeTests
{
    private readonly string _name = Guid.NewGuid().ToString("N");

    private Rendezvous Here => Rendezvous.At(_name);

    [Fact]
    public async Task A_grain_that_asks_to_go_is_gone_for_the_next_call()
    {
        await using var given = await Given.ASilo();
        var grain = given.Client.GetGrain<ILifeGrain>(_name);
        var before = await grain.Activation();
        await grain.GoAway();
        Assert.NotEqual(before, await grain.Activation());
        Assert.Equal(["comes", "goes: ApplicationRequested", "comes"], Here.Notes);
    }

    [Fact]
    public async Task Idle_grains_can_be_sent_away_at_once()
    {
        await using var given = await Given.ASilo();
        await given.Client.GetGrain<ILifeGrain>(_name).Activation();
        await given.Client.GetGrain<Orleans.Runtime.IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);
        await Rendezvous.At(_name).Noted("goes: ActivationIdle");
    }

    [Fact]
    public async Task A_failing_activation_fails_its_calls_with_its_exception_and_the_next_call_tries_anew()
    {
        await using var given = await Given.ASilo();
        StillbornGrain.Failures[_name] = 2;
        var grain = given.Client.GetGrain<IStillbornGrain>(_name);
        Assert.Equal("not yet", (await Assert.ThrowsAsync<MailboxMissingException>(grain.Hello)).Mailbox);
        Assert.Equal("not yet", (await Assert.ThrowsAsync<MailboxMissingException>(grain.Hello)).Mailbox);
        Assert.Equal("hello", await grain.Hello());
        Assert.Empty(Here.Notes); // what never lived is not told to go
    }

    [Fact]
    public async Task A_graceful_stop_tells_the_grains()
    {
        await using var given = await Given.ASilo();
        await given.Client.GetGrain<ILifeGrain>(_name).Activation();
        await given.Stop();
        Assert.Equal(["comes", "goes: ShuttingDown"], Here.Notes);
    }

    [Fact]
    public async Task A_stopped_silo_takes_no_calls()
    {
        await using var given = await Given.ASilo();
        var grain = given.Client.GetGrain<ILifeGrain>(_name);
        await given.Stop();
        await Assert.ThrowsAnyAsync<Exception>(grain.Activation);
        Assert.Empty(Here.Notes);
    }

    [Fact]
    public async Task Startup_tasks_run_before_the_host_has_started_and_can_call_grains()
    {
        await using var given = await Given.ASilo(silo => silo.AddStartupTask(async (services, _) =>
        {
            var factory = (Orleans.IGrainFactory)services.GetService(typeof(Orleans.IGrainFactory))!;
            await factory.GetGrain<ILifeGrain>(_name).Activation();
        }));
        Assert.Equal(["comes"], Here.Notes);
    }
}
