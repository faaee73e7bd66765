using System.Collections.Immutable;
using Orleans;

namespace OrleansBackup.GrainInterfaces.Tenants;

/// <summary>What a sweep of a tenant's shared content did.</summary>
/// <param name="Condemned">Pieces of content that nobody names; a later sweep deletes them.</param>
/// <param name="Waiting">Whether earlier ones wait until every run that was going has committed or ended.</param>
[GenerateSerializer, Immutable, Alias("content-sweep-result")]
public sealed record ContentSweepResult(
    [property: Id(0)] long Condemned, [property: Id(1)] long CondemnedBytes, [property: Id(2)] long Deleted, [property: Id(3)] long DeletedBytes,
    [property: Id(4)] bool Waiting)
{
    /// <summary>Stored objects that could not be read; their names say of which resource they are.</summary>
    [Id(5)]
    public ImmutableArray<string> Unreadable { get; init; } = [];

    /// <summary>Pieces of content that stay only because something unreadable may name them.</summary>
    [Id(6)]
    public long Held { get; init; }
}
