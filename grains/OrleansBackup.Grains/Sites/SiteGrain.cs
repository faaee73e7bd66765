using Orleans.Runtime;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Resources;

namespace OrleansBackup.Grains.Sites;

/// <summary>A SharePoint site under protection. Its life is that of every resource.</summary>
internal sealed class SiteGrain(
    [PersistentState("resource", StateStores.Default)] IPersistentState<ResourceState> storage, ResourceServices services)
    : ResourceGrain(storage, services), ISiteGrain;
