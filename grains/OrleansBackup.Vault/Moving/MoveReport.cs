using System.Collections.Immutable;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Moving;

/// <summary>What was found equal in both stores before the switch.</summary>
/// <param name="Sha256">Over one line <c>{sha256} {bytes} {name}\n</c> for each object, names in ordinal order, in hex.</param>
public sealed record VerifiedCopy(long Objects, long Bytes, string Sha256);

/// <summary>How a move ended.</summary>
/// <param name="Verified">What was verified before the switch; null: this call found the switch made and only erased.</param>
/// <param name="Erased">Objects that are gone from the old store.</param>
/// <param name="Late">Objects that somebody still wrote to the old store and that were taken over.</param>
/// <param name="Retained">Objects that the old store may not delete yet; move again later to erase them.</param>
/// <param name="Strays">Objects of the old store that are another object in the new one, left where they are: the work of a run that went on
/// writing to the old store and lost.</param>
public sealed record MoveReport(VerifiedCopy? Verified, long Erased, long Late, long Retained, ImmutableArray<BlobName> Strays);

/// <summary>Where the service remembers which store a tenant is in. The one thing that decides; it must be durable when a call returns.</summary>
public interface IMoveJournal
{
    /// <summary>Whether the tenant is in the new store.</summary>
    Task<bool> IsSwitchedAsync(CancellationToken cancellation);

    /// <summary>From now on the tenant is in the new store. Safe to repeat.</summary>
    Task SwitchAsync(VerifiedCopy verified, CancellationToken cancellation);
}

/// <summary>The new store holds something else of this tenant. Nothing was switched or erased.</summary>
public sealed class MoveConflictException(string tenant, BlobName name, string what)
    : VaultException($"Tenant '{tenant}' cannot move: '{name}' {what}.", isTransient: false)
{
    public BlobName Name { get; } = name;
}
