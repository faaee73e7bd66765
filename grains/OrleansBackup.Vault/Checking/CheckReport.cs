using System.Collections.Immutable;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault;

/// <summary>How thoroughly to check.</summary>
public enum CheckDepth
{
    /// <summary>Every name resolves, sizes and hashes agree with what names them. Reads the log, the bases and the index of each pack.</summary>
    Structure,

    /// <summary>Every byte of the resource and of the shared content that it names is read, decrypted and hashed.</summary>
    Full,
}

public enum CheckFindingKind
{
    /// <summary>Something names this object and it is not there.</summary>
    Missing,

    /// <summary>The object is there but not what was written under its name.</summary>
    Damaged,

    /// <summary>Nothing names the object: work that a crash left behind, or a run that is going on. No restore point depends on it.</summary>
    Leftover,

    /// <summary>The object is missing or damaged, and everything that restore points name in it is stored a second time.</summary>
    Healed,
}

/// <summary>One object that is not as it should be.</summary>
/// <param name="Items">The ids of items whose content depends on it, up to 1,000.</param>
public sealed record CheckFinding(CheckFindingKind Kind, BlobName Name, string What, ImmutableArray<string> Items);

/// <summary>What a check found.</summary>
/// <param name="Points">Restore points looked at.</param>
/// <param name="Objects">Objects looked at.</param>
/// <param name="BytesRead">Stored bytes that were read and verified.</param>
public sealed record CheckReport(CheckDepth Depth, ImmutableArray<CheckFinding> Findings, int Points, int Objects, long BytesRead)
{
    /// <summary>Whether every restore point is whole, as far as this depth can tell. Leftovers and what is healed do no harm.</summary>
    public bool IsSound => Findings.All(f => f.Kind is CheckFindingKind.Leftover or CheckFindingKind.Healed);
}
