using Orleans;

namespace OrleansBackup.GrainInterfaces.Tenants;

/// <summary>What a sweep of a tenant's shared content did.</summary>
/// <param name="Condemned">Pieces of content that nobody names; a later sweep deletes them.</param>
/// <param name="Waiting">Whether earlier ones wait until every run that was going has committed or ended.</param>
[GenerateSerializer, Immutable, Alias("content-sweep-result")]
public sealed record ContentSweepResult(
    [property: Id(0)] long Condemned, [property: Id(1)] long CondemnedBytes, [property: Id(2)] long Deleted, [property: Id(3)] long DeletedBytes,
    [property: Id(4)] bool Waiting);
