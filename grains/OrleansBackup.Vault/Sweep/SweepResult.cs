using System.Collections.Immutable;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault;

/// <summary>What a sweep of a tenant's shared content did.</summary>
/// <param name="ChunksNamed">Distinct chunks that the tenant's resources name.</param>
/// <param name="ChunksCondemned">Chunks that nobody names and that count as absent from now on; a later sweep deletes them.</param>
/// <param name="BytesCondemned">Their stored bytes.</param>
/// <param name="ChunksDeleted">Chunks deleted now, condemned by earlier sweeps.</param>
/// <param name="BytesDeleted">Their stored bytes.</param>
/// <param name="ChunksRetained">Chunks that are due to go and that the store still keeps; a later sweep deletes them.</param>
/// <param name="ListsWaiting">Lists of condemned chunks that wait until every run that was going has committed or ended.</param>
public sealed record SweepResult(
    long ChunksNamed, long ChunksCondemned, long BytesCondemned, long ChunksDeleted, long BytesDeleted, long ChunksRetained, int ListsWaiting)
{
    /// <summary>Objects that may name chunks and cannot be read; their names say which resource they are of. What was stored before that was found stays until
    /// a prune removes the object or it can be read again; what came later is swept as ever. A check of the resource tells what the damage means.</summary>
    public ImmutableArray<BlobName> Unreadable { get; init; } = [];

    /// <summary>Chunks that nothing else names and that stay because of <see cref="Unreadable"/>.</summary>
    public int ChunksHeld { get; init; }

    /// <summary>Objects that newest points need and that the store keeps longer from now on (<see cref="VaultOptions.RetainFor"/>).</summary>
    public int ObjectsExtended { get; init; }
}
