using System.Security.Cryptography;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Keys;

/// <summary>What a rotation did for one tenant.</summary>
/// <param name="Wrapped">Whether a copy under the new key was written; false: there was one.</param>
/// <param name="Removed">Copies under earlier keys that are gone now.</param>
public sealed record KeyRotationResult(bool Wrapped, int Removed);

/// <summary>Puts a tenant's data key under another key-encryption key. The data key stays, so no data is rewritten.</summary>
/// <remarks>
/// In order: a copy under the new key is written; it is read back from the store and opened, and must give the same key; only then the
/// earlier copies go. So at each moment there is a copy that one of the two keys opens, and a crash anywhere is mended by rotating again.
/// </remarks>
internal static class KeyRotation
{
    public static async Task<KeyRotationResult> RotateAsync(IBlobStore store, string tenant, IKeyEncryption present, IKeyEncryption next, CancellationToken cancellation)
    {
        var copies = new TenantKeyCopies(store, tenant);
        var before = await copies.ListAsync(cancellation);
        var dataKey = await copies.OpenAsync(new KeyRing(present, [next]), cancellation);
        var wrappedBy = await next.IdentifyAsync(cancellation);
        var (name, isNew) = (before[0], false);
        if ((await copies.ReadAsync(name, cancellation))?.WrappedBy != wrappedBy)
        {
            (name, isNew) = (copies.After(before), true);
            var copy = new KeyObject(wrappedBy, await next.WrapAsync(dataKey, tenant, cancellation));
            if (!await store.PutIfAbsentAsync(name, copy.Encode(), cancellation))
                throw new KeyRotationContestedException(tenant);
        }
        var stored = await copies.ReadAsync(name, cancellation) ?? throw new KeyRotationContestedException(tenant);
        if (!CryptographicOperations.FixedTimeEquals(await next.UnwrapAsync(stored.Wrapped, tenant, cancellation), dataKey))
            throw new WrongKeyException(tenant);
        var removed = 0;
        foreach (var old in before.Where(old => old != name))
            removed += await store.DeleteAsync(old, cancellation) ? 1 : 0;
        return new(isNew, removed);
    }
}
