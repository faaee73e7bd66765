using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.GrainInterfaces.Restores;

namespace OrleansBackup.Grains.Restores;

/// <summary>One page of a restore job's outcomes.</summary>
internal sealed class RestoreOutcomesGrain([PersistentState("outcomes", StateStores.Default)] IPersistentState<OutcomePageState> storage)
    : Grain, IRestoreOutcomesGrain
{
    public async Task Write(ImmutableArray<ItemOutcome> outcomes, CancellationToken cancellation)
    {
        storage.State = new OutcomePageState { Outcomes = outcomes };
        await storage.WriteStateAsync(cancellation);
        DeactivateOnIdle(); // written once, seldom read
    }

    public async Task Clear(CancellationToken cancellation)
    {
        if (storage.RecordExists)
            await storage.ClearStateAsync(cancellation);
        DeactivateOnIdle();
    }

    public Task<ImmutableArray<ItemOutcome>> Read(CancellationToken cancellation) => Task.FromResult(storage.State.Outcomes);
}

[GenerateSerializer, Immutable, Alias("outcome-page")]
internal sealed record OutcomePageState : StoredState
{
    [Id(0)] public ImmutableArray<ItemOutcome> Outcomes { get; init; } = [];
}
