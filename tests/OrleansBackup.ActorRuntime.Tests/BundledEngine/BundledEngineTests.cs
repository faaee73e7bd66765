using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using OrleansBackup.ActorRuntime.Tests.Fixtures;
using OrleansBackup.ActorRuntime.Tests.Grains;
using OrleansBackup.BundledRuntime;

namespace OrleansBackup.ActorRuntime.Tests.BundledEngine;

/// <summary>A contract that two grain classes fulfil.</summary>
public interface IAmbiguousGrain : IGrainWithStringKey
{
    Task<string> Which();
}

public sealed class FirstAmbiguousGrain : Grain, IAmbiguousGrain
{
    public Task<string> Which() => Task.FromResult("first");
}

public sealed class SecondAmbiguousGrain : Grain, IAmbiguousGrain
{
    public Task<string> Which() => Task.FromResult("second");
}

/// <summary>A contract that need not be public, with a class that is not.</summary>
internal interface IInnerGrain : IGrainWithStringKey
{
    Task<InnerValue> Value(InnerValue value);
}

[GenerateSerializer]
internal sealed record InnerValue([property: Id(0)] List<int> Numbers);

internal sealed class InnerGrain : Grain, IInnerGrain
{
    public Task<InnerValue> Value(InnerValue value) => Task.FromResult(value);
}

/// <summary>Waits for storage that is not there.</summary>
public interface IHomelessGrain : IGrainWithStringKey
{
    Task Hello();
}

public sealed class HomelessGrain([PersistentState("x", "nowhere")] IPersistentState<CounterState> state) : Grain, IHomelessGrain
{
    public Task Hello() => state.ReadStateAsync();
}

/// <summary>What only the bundled engine promises, or says in its own words.</summary>
public sealed class BundledEngineTests
{
    private readonly string _name = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task A_deadlock_is_called_one_and_every_step_of_it_is_named()
    {
        await using var given = await Given.ASilo();
        var second = _name + "-2";
        var call = given.Client.GetGrain<IChainGrain>(_name).Follow([second, _name]);
        await Rendezvous.At(second).Noted("has called");
        given.Clock.Advance(TimeSpan.FromSeconds(31));
        var timeout = await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Contains(
            $"chain/{_name} IChainGrain.Follow (running) -> chain/{second} IChainGrain.Follow (running) -> chain/{_name} IChainGrain.Follow (waiting for its turn)",
            timeout.Message, StringComparison.Ordinal);
        Assert.Contains("Deadlock", timeout.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interface_with_two_classes_wants_a_prefix()
    {
        await using var given = await Given.ASilo();
        var ambiguous = Assert.Throws<ArgumentException>(() => given.Client.GetGrain<IAmbiguousGrain>("a"));
        Assert.Contains(nameof(FirstAmbiguousGrain), ambiguous.Message, StringComparison.Ordinal);
        Assert.Equal("second", await given.Client.GetGrain<IAmbiguousGrain>("a", nameof(SecondAmbiguousGrain)).Which());
    }

    [Fact]
    public async Task Contracts_and_values_need_not_be_public()
    {
        await using var given = await Given.ASilo();
        Assert.Equal([1], (await given.Client.GetGrain<IInnerGrain>("a").Value(new InnerValue([1]))).Numbers);
    }

    [Fact]
    public async Task A_grain_that_passes_itself_is_told_how_to_do_it()
    {
        await using var given = await Given.ASilo();
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => given.Client.GetGrain<ICopyGrain>("a").PassesItself());
        Assert.Contains("AsReference", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_whose_storage_is_missing_names_it()
    {
        await using var given = await Given.ASilo();
        var missing = await Assert.ThrowsAsync<Orleans.Storage.BadProviderConfigException>(given.Client.GetGrain<IHomelessGrain>("a").Hello);
        Assert.Contains("nowhere", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_grain_takes_no_more_waiting_calls_than_allowed()
    {
        await using var given = await Given.ASilo(silo => silo.Configure<SiloMessagingOptions>(options => options.MaxEnqueuedRequestsHardLimit = 2));
        var grain = given.Client.GetGrain<ITurnsGrain>(_name);
        var running = grain.Wait("running");
        await Rendezvous.At(_name).Noted("running begins");
        Task[] waiting = [grain.Quick("1"), grain.Quick("2")];

        await Assert.ThrowsAsync<LimitExceededException>(() => grain.Quick("3"));

        Rendezvous.At(_name).Open();
        await running;
        await Task.WhenAll(waiting);
    }

    [Fact]
    public async Task Calls_and_errors_are_counted_by_method()
    {
        await using var given = await Given.ASilo();
        await given.Client.GetGrain<IContextGrain>("a").Read("x");
        await given.Client.GetGrain<IContextGrain>("b").Read("x");
        await Assert.ThrowsAnyAsync<Exception>(() => given.Client.GetGrain<ICopyGrain>("a").Throw("own"));

        var statistics = given.Services.GetRequiredService<CallStatistics>().Snapshot();

        Assert.Equal((2, 0), Of(nameof(IContextGrain.Read)));
        Assert.Equal((1, 1), Of(nameof(ICopyGrain.Throw)));
        (long Calls, long Errors) Of(string method) =>
            statistics.Where(one => one.Method == method).Select(one => (one.Calls, one.Errors)).Single();
    }

    [Fact]
    public async Task A_grain_that_will_not_say_goodbye_does_not_hold_up_the_stop_for_ever()
    {
        var given = await Given.ASilo(silo => silo.Configure<GrainCollectionOptions>(options => options.DeactivationTimeout = TimeSpan.FromSeconds(10)));
        var grain = given.Client.GetGrain<ITurnsGrain>(_name);
        var stuck = grain.Wait("stuck");
        await Rendezvous.At(_name).Noted("stuck begins");

        var stop = given.Stop();
        while (!stop.IsCompleted)
        {
            given.Clock.Advance(TimeSpan.FromSeconds(11));
            await Task.Yield();
        }

        await stop;
        await Assert.ThrowsAnyAsync<Exception>(() => stuck);
        await given.DisposeAsync();
    }
}
