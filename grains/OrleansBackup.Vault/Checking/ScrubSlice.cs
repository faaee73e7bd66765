using System.Collections.Immutable;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault;

/// <summary>What one slice of a scrub read and found.</summary>
/// <param name="Cursor">Where the next slice goes on; null: the round is over, and the next slice begins another.</param>
/// <param name="Objects">Objects read in this slice, each whole.</param>
/// <param name="ObjectsInRound">Objects that the whole round has, as far as is known now.</param>
/// <param name="BytesRead">Stored bytes that were read and verified.</param>
public sealed record ScrubSlice(string? Cursor, int Objects, int ObjectsInRound, long BytesRead, ImmutableArray<DamagedObject> Damage);

/// <summary>An object that is missing or damaged, and what depends on it.</summary>
/// <param name="Items">Items of any restore point that cannot be read whole because of it; none: everything in it is stored a second time, or it holds no content.</param>
/// <param name="Contents">The contents that are lost with it. Opaque; a run that is given them (<see cref="RunWriter.Distrust"/>) stores them again
/// when it meets the same bytes, and with that heals every restore point that names them.</param>
/// <param name="HoldsContent">Whether it is a pack or chunk. Damage in the log or in a base cannot be healed by storing content again.</param>
public sealed record DamagedObject(BlobName Name, string What, bool IsMissing, bool HoldsContent, ImmutableArray<DamagedItem> Items, ImmutableArray<string> Contents);

/// <summary>An item version that cannot be read whole.</summary>
/// <param name="IsCurrent">Whether the newest state holds this version, so that its source may still have the same bytes.</param>
public readonly record struct DamagedItem(string Id, string Kind, string? ParentId, string Name, bool IsCurrent);
