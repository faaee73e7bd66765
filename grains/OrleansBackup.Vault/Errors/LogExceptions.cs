using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault;

/// <summary>Another writer created this segment first. The loser drops its work; trying again would mix two runs.</summary>
public sealed class SegmentTakenException(BlobName segment)
    : VaultException($"Segment '{segment}' exists already: another writer owns this resource.", isTransient: false)
{
    public BlobName Segment { get; } = segment;
}

/// <summary>No such restore point: never sealed, or expired and pruned.</summary>
public sealed class RestorePointNotFoundException(ResourceName resource, long sequence)
    : VaultException($"'{resource}' has no restore point {sequence}.", isTransient: false)
{
    public long Sequence { get; } = sequence;
}

/// <summary>An object's bytes are missing, cut short, altered, or belong under another name.</summary>
public sealed class DamagedObjectException(BlobName name, string what, Exception? inner = null)
    : VaultException($"Object '{name}' is damaged: {what}.", isTransient: false, inner)
{
    public BlobName Name { get; } = name;
    public string What { get; } = what;

    /// <summary>There is no object at all under the name.</summary>
    public bool IsMissing { get; private init; }

    internal static DamagedObjectException Missing(BlobName name, string what = "it is missing") => new(name, what) { IsMissing = true };
}

/// <summary>An earlier failure left this writer's place in the log unknown. Begin the run again: it resumes after the last segment.</summary>
public sealed class RunBrokenException(Guid run, Exception? cause)
    : VaultException($"Run {run} cannot go on in this writer after an earlier failure; begin it again to resume.", isTransient: true, cause)
{
    public Guid Run { get; } = run;
}

/// <summary>The store holds an earlier or another state of the resource than the caller remembers: it was put back from a copy, or objects were taken away.
/// Nothing may be added to it before somebody has looked.</summary>
public sealed class VaultRolledBackException(ResourceName resource, VaultMark remembered, VaultMark found, string what)
    : VaultException($"The vault of '{resource}' is not where it was: {what}. Remembered: segment {remembered.Sequence}, prune {remembered.Prune}; "
        + $"found: segment {found.Sequence}, prune {found.Prune}.", isTransient: false)
{
    public VaultMark Remembered { get; } = remembered;
    public VaultMark Found { get; } = found;
}
