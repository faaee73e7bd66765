using Orleans;
using Orleans.Runtime;
using OrleansBackup.ActorRuntime.Tests.Fixtures;

namespace OrleansBackup.ActorRuntime.Tests.Grains;

/// <summary>Keeps a number; the plainest grain with state.</summary>
[Alias("test-counter")]
public interface ICounterGrain : IGrainWithStringKey
{
    Task<int> Add(int amount);
    Task<int> Current();
    Task Forget();

    /// <summary>Which activation this is, to tell a new one from an old one.</summary>
    Task<Guid> Activation();
}

[GenerateSerializer]
public sealed record CounterState
{
    [Id(0)]
    public int Value { get; set; }
}

public sealed class CounterGrain([PersistentState("counter", Given.Storage)] IPersistentState<CounterState> state) : Grain, ICounterGrain
{
    private readonly Guid _activation = Guid.NewGuid();

    public async Task<int> Add(int amount)
    {
        state.State.Value += amount;
        await state.WriteStateAsync();
        return state.State.Value;
    }

    public Task<int> Current() => Task.FromResult(state.State.Value);

    public Task Forget() => state.ClearStateAsync();

    public Task<Guid> Activation() => Task.FromResult(_activation);
}
