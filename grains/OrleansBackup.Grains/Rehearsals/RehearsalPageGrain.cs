using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.GrainInterfaces.Rehearsals;

namespace OrleansBackup.Grains.Rehearsals;

/// <summary>A page of a rehearsal's evidence.</summary>
internal sealed class RehearsalPageGrain([PersistentState("rehearsal-page", StateStores.Default)] IPersistentState<RehearsalPageState> storage) : Grain, IRehearsalPageGrain
{
    public async Task Write(ImmutableArray<string> lines, CancellationToken cancellation)
    {
        storage.State = new RehearsalPageState { Lines = lines };
        await storage.WriteStateAsync(cancellation);
        DeactivateOnIdle(); // seldom read
    }

    public Task<ImmutableArray<string>> Read(CancellationToken cancellation) => Task.FromResult(storage.State.Lines);
}
