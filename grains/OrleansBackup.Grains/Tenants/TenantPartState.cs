using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Reports;
using OrleansBackup.Domain.Results;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.Grains.Tenants;

/// <summary>Who the resources of one part are. Changes with a discovery or with settings, not with reports. Additive.</summary>
[GenerateSerializer, Immutable, Alias("tenant-part-state")]
internal sealed record TenantPartState : StoredState
{
    [Id(0)] public PartOrder Order { get; init; } = new(1, TenantSettings.Default);

    /// <summary>Every resource ever seen, by its local name; their health is in <see cref="PartHealthState"/>.</summary>
    [Id(1)] public ImmutableDictionary<string, KnownResource> Resources { get; init; } = ImmutableDictionary<string, KnownResource>.Empty;

    /// <summary>Local names of the resources that do not know yet how they stand. Written with the change itself, so that a crash forgets nobody.</summary>
    [Id(2)] public ImmutableHashSet<string> Untold { get; init; } = ImmutableHashSet<string>.Empty;

    /// <summary>Local names of what was found new and unprotected under a selection, and that the notice book does not have yet. Written with the finding itself, so that each is told of once.</summary>
    [Id(3)] public ImmutableHashSet<string> Unannounced { get; init; } = ImmutableHashSet<string>.Empty;

    /// <summary>Times of protection that are over, by local name: a month's report lists what was protected at any moment of it.</summary>
    [Id(4)] public ImmutableDictionary<string, ImmutableArray<ProtectionSpan>> Spans { get; init; } = ImmutableDictionary<string, ImmutableArray<ProtectionSpan>>.Empty;
}

/// <summary>How the resources of one part stand, as they last said; a row of its own, since it changes all day. Additive.</summary>
[GenerateSerializer, Immutable, Alias("part-health-state")]
internal sealed record PartHealthState : StoredState
{
    [Id(0)] public ImmutableDictionary<string, ResourceHealth> Health { get; init; } = ImmutableDictionary<string, ResourceHealth>.Empty;

    /// <summary>How much was protected and what changed, day by day, the oldest first.</summary>
    [Id(1)] public ImmutableArray<DayMeasure> Measures { get; init; } = [];
}
