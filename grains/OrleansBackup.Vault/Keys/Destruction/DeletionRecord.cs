using System.Collections.Immutable;

namespace OrleansBackup.Vault.Keys.Destruction;

/// <summary>Says what was destroyed of a tenant, and that what was left could not be opened. DELETION-RECORD.md describes the stored form.</summary>
/// <param name="Format">Always <see cref="CurrentFormat"/>.</param>
/// <param name="DataKey">The fingerprint of the data key that all objects were encrypted with; tells nothing about the key.</param>
/// <param name="Keys">The wrapped copies that were destroyed: without them nobody has the data key.</param>
/// <param name="Attempts">A random sample, opened before and tried again after.</param>
/// <param name="KeyError">How opening the tenant ended after the destruction.</param>
/// <param name="ObjectsLeft">What could not be deleted, because the store keeps it; unreadable like the rest.</param>
/// <param name="SignedBy">SHA-256 of the signer's public key (DER, SubjectPublicKeyInfo), in hex.</param>
public sealed record DeletionRecord(
    string Format, string Tenant, string Store, string OrderedBy, string Reason, string PlannedAt, string KeysDestroyedAt, string RecordedAt,
    string DataKey, ImmutableArray<DestroyedKey> Keys, InventorySummary Inventory, ImmutableArray<OpeningAttempt> Attempts, string KeyError,
    ObjectsLeft ObjectsLeft, string SignedBy)
{
    public const string CurrentFormat = "orleansbackup-deletion-record-1";
}

/// <summary>One wrapped copy of the data key.</summary>
/// <param name="Sha256">Of the stored object, in hex.</param>
/// <param name="WrappedBy">The key-encryption key, or null where the copy does not name it.</param>
public sealed record DestroyedKey(string Name, string Sha256, string? WrappedBy);

/// <summary>Everything that the tenant had in the store.</summary>
/// <param name="Sha256">Of the inventory: one line <c>{bytes} {name}\n</c> for each object, names in ordinal order, in hex.</param>
public sealed record InventorySummary(long Objects, long Bytes, string Sha256);

/// <summary>One object of the sample.</summary>
/// <param name="Sha256">Of its stored bytes, the same before and after: they were there, and could not be opened.</param>
/// <param name="Before">Always "opened": with the key it opened, so that the failure afterwards means something.</param>
/// <param name="Error">Why it did not open for whoever asks the vault.</param>
/// <param name="OtherKeyError">Why it did not open under a data key newly made for the same tenant.</param>
public sealed record OpeningAttempt(string Name, string Sha256, string Before, string Error, string OtherKeyError);

/// <summary>What a store still keeps.</summary>
/// <param name="KeptUntil">When the last of it can go; null: nothing is left, or the store does not say.</param>
public sealed record ObjectsLeft(long Objects, long Bytes, string? KeptUntil);

/// <summary>Who ordered a destruction and why; printed in the record.</summary>
public sealed record DestructionOrder(string OrderedBy, string Reason);

/// <summary>The record's exact bytes, their signature (ECDSA P-256, SHA-256, DER), and the inventory that the record sums up.</summary>
public sealed record SignedDeletionRecord(byte[] Record, byte[] Signature, byte[] Inventory, string PublicKeyPem);
