namespace OrleansBackup.Vault.Stores;

/// <summary>How a deletion ended.</summary>
public enum DeletionOutcome
{
    /// <summary>It is gone.</summary>
    Deleted,

    /// <summary>There was none.</summary>
    Absent,

    /// <summary>The store keeps it for now; it is still there.</summary>
    Retained,
}

/// <summary>Deletion for those who come back later for what may not go yet.</summary>
public static class RetainedDeletion
{
    public static async Task<DeletionOutcome> TryDeleteAsync(this IBlobStore store, BlobName name, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        try { return await store.DeleteAsync(name, cancellation) ? DeletionOutcome.Deleted : DeletionOutcome.Absent; }
        catch (ObjectRetainedException) { return DeletionOutcome.Retained; } // the answer, not a failure
    }
}
