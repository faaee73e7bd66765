using System.Security.Cryptography;
using OrleansBackup.Vault.Log;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Keys;

/// <summary>The wrapped copies of one tenant's data key. All hold the same key; the newest that the key at hand opens counts.</summary>
/// <remarks>The first copy is <c>keys</c>; a rotation adds <c>key-copies/{n}</c> and removes what was there before.</remarks>
internal sealed class TenantKeyCopies(IBlobStore store, string tenant)
{
    private BlobName First => ResourceNames.KeysOf(tenant);

    private string Prefix => $"{tenant}/key-copies/";

    /// <returns>Newest first.</returns>
    public async Task<IReadOnlyList<BlobName>> ListAsync(CancellationToken cancellation)
    {
        var copies = new List<BlobName>();
        await foreach (var name in store.ListAsync(Prefix, cancellation))
            if (LogNumber.TryParse(name.Value.AsSpan(Prefix.Length)) is not null)
                copies.Add(name);
        copies.Sort((a, b) => string.CompareOrdinal(b.Value, a.Value));
        // Looked for last: a rotation that runs meanwhile adds before it removes.
        if (await store.GetLengthAsync(First, cancellation) is not null)
            copies.Add(First);
        return copies;
    }

    /// <summary>The data key. Every copy that the key at hand opens has to say the same: one that was put back after a rotation is no more than a
    /// copy, one of an earlier tenant of this name would have new data written under a key that nobody keeps.</summary>
    /// <remarks>There is one copy, and two while a rotation goes on; each costs an unwrapping.</remarks>
    /// <exception cref="TenantKeyMissingException">There is no copy.</exception>
    /// <exception cref="WrongKeyException">There are copies, and the key at hand opens none.</exception>
    /// <exception cref="KeyCopiesDifferException">Two copies hold different keys.</exception>
    public async Task<byte[]> OpenAsync(IKeyEncryption keys, CancellationToken cancellation)
    {
        VaultException? failure = null;
        for (var tries = 0; tries < 2; tries++) // a rotation between the list and the reads leaves the list empty-handed once
        {
            byte[]? dataKey = null;
            foreach (var name in await ListAsync(cancellation))
            {
                byte[] opened;
                try
                {
                    if (await ReadAsync(name, cancellation) is not { } copy)
                        continue;
                    opened = await keys.UnwrapAsync(copy.Wrapped, tenant, cancellation);
                }
                catch (VaultException e) when (!e.IsTransient)
                {
                    failure ??= e; // another key's, or of a version that is gone: another copy may open
                    continue;
                }
                if (dataKey is not null && !CryptographicOperations.FixedTimeEquals(opened, dataKey))
                    throw new KeyCopiesDifferException(tenant, name);
                dataKey = opened;
            }
            if (dataKey is not null)
                return dataKey;
            if (failure is not null)
                throw failure;
        }
        throw new TenantKeyMissingException(tenant);
    }

    /// <returns>Null: it went meanwhile.</returns>
    /// <exception cref="WrongKeyException">It is no key object.</exception>
    public async Task<KeyObject?> ReadAsync(BlobName name, CancellationToken cancellation) =>
        await store.GetAsync(name, cancellation) is not { } stored ? null : KeyObject.Decode(stored.Span) ?? throw new WrongKeyException(tenant);

    /// <summary>The name for a copy newer than all of these.</summary>
    public BlobName After(IReadOnlyList<BlobName> copies)
    {
        var newest = copies.Select(name => name.Value.StartsWith(Prefix, StringComparison.Ordinal) ? LogNumber.TryParse(name.Value.AsSpan(Prefix.Length)) ?? 0 : 0).DefaultIfEmpty().Max();
        return new($"{Prefix}{newest + 1:d10}");
    }
}
