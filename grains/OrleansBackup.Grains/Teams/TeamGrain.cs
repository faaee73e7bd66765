using Orleans.Runtime;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Resources;

namespace OrleansBackup.Grains.Teams;

/// <summary>A team under protection. Its life is that of every resource.</summary>
internal sealed class TeamGrain(
    [PersistentState("resource", StateStores.Default)] IPersistentState<ResourceState> storage, ResourceServices services)
    : ResourceGrain(storage, services), ITeamGrain;
