namespace OrleansBackup.Vault;

/// <summary>What a prune did.</summary>
/// <param name="PointsRemoved">Restore points that no longer exist, as of now.</param>
/// <param name="PointsKept">Restore points that stay.</param>
/// <param name="ObjectsCondemned">Objects that nothing names any more; a prune after the grace period deletes them.</param>
/// <param name="BytesCondemned">Their stored bytes.</param>
/// <param name="ObjectsDeleted">Objects deleted now, condemned by this or an earlier prune.</param>
/// <param name="BytesDeleted">Their stored bytes.</param>
/// <param name="SharedBytesLeft">Stored bytes of shared content that this resource no longer names and that the sweep of the tenant has
/// to look at; null: not known. A prune never deletes shared content.</param>
public sealed record PruneResult(
    int PointsRemoved, int PointsKept, int ObjectsCondemned, long BytesCondemned, int ObjectsDeleted, long BytesDeleted, long? SharedBytesLeft)
{
    /// <summary>Objects that are due to go and that the store still keeps (<see cref="VaultOptions.RetainFor"/>); a later prune deletes them.</summary>
    public int ObjectsRetained { get; init; }
}

/// <summary>What the removal of a whole resource deleted. Shared content is left to the sweep of the tenant.</summary>
public sealed record DeletionResult(int ObjectsDeleted, long BytesDeleted);
