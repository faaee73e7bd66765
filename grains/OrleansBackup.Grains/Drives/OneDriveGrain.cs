using Orleans.Runtime;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Resources;

namespace OrleansBackup.Grains.Drives;

/// <summary>The OneDrive of a user under protection. Its life is that of every resource.</summary>
internal sealed class OneDriveGrain(
    [PersistentState("resource", StateStores.Default)] IPersistentState<ResourceState> storage, ResourceServices services)
    : ResourceGrain(storage, services), IOneDriveGrain;
