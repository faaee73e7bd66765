using System.Collections.Immutable;
using Orleans;
using OrleansBackup.GrainInterfaces.Exports;

namespace OrleansBackup.Grains.Exports;

/// <summary>The exports of a tenant. Additive: a field, once written, keeps its meaning.</summary>
[GenerateSerializer, Immutable, Alias("tenant-export-state")]
internal sealed record TenantExportState : StoredState
{
    /// <summary>Newest first.</summary>
    [Id(0)] public ImmutableArray<TenantExportStatus> Exports { get; init; } = [];
}
