using System.Runtime.CompilerServices;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Log;
using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Sweep;

namespace OrleansBackup.Vault.Content;

/// <summary>Finds the bytes of a chunk: under its own name, or in an edition that was written when that name was condemned.</summary>
/// <remarks>All editions say the same, so any that is whole will do. The editions are only looked for when the first name fails.</remarks>
internal sealed class ChunkEditions(ObjectFiles files)
{
    private string Tenant => files.Keys.Tenant;

    /// <exception cref="DamagedObjectException">No edition is there and whole.</exception>
    public async Task<byte[]> ReadAsync(Hash256 hash, int length, CancellationToken cancellation)
    {
        try { return await ReadAsync(ResourceNames.ChunkOf(Tenant, hash), hash, length, cancellation); }
        catch (DamagedObjectException)
        {
            await foreach (var edition in LaterAsync(hash, cancellation))
            {
                try { return await ReadAsync(ResourceNames.ChunkOf(Tenant, hash, edition), hash, length, cancellation); }
                catch (DamagedObjectException) { } // the first name's damage is the one to tell, unless another edition is whole
            }
            throw;
        }
    }

    /// <summary>Whether this edition is there and holds the bytes that its name says.</summary>
    public async Task<bool> IsWholeAsync(Hash256 hash, int edition, int length, CancellationToken cancellation)
    {
        try
        {
            await ReadAsync(ResourceNames.ChunkOf(Tenant, hash, edition), hash, length, cancellation);
            return true;
        }
        catch (DamagedObjectException) { return false; }
    }

    /// <returns>Where it is and its stored length; null if nowhere.</returns>
    public async Task<(BlobName Name, long StoredBytes)?> FindAsync(Hash256 hash, CancellationToken cancellation)
    {
        var first = ResourceNames.ChunkOf(Tenant, hash);
        if (await files.Store.GetLengthAsync(first, cancellation) is { } length)
            return (first, length);
        await foreach (var edition in LaterAsync(hash, cancellation))
            if (ResourceNames.ChunkOf(Tenant, hash, edition) is var name && await files.Store.GetLengthAsync(name, cancellation) is { } later)
                return (name, later);
        return null;
    }

    /// <summary>The editions from 1 that exist, in no order.</summary>
    public async IAsyncEnumerable<int> LaterAsync(Hash256 hash, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var prefix = ResourceNames.EditionsOf(Tenant, hash);
        await foreach (var name in files.Store.ListAsync(prefix, cancellation))
            if (int.TryParse(name.Value.AsSpan(prefix.Length), System.Globalization.NumberStyles.None, null, out var edition) && edition > 0)
                yield return edition;
    }

    /// <summary>Every chunk name that exists in the tenant.</summary>
    public async IAsyncEnumerable<ChunkName> AllAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var (content, rescued) = (ResourceNames.ContentOf(Tenant), ResourceNames.RescuedOf(Tenant));
        await foreach (var name in files.Store.ListAsync(content, cancellation))
            if (name.Value[content.Length..].Split('/') is [_, var text] && Hash256.TryParse(text) is { } hash)
                yield return new(hash, 0);
        await foreach (var name in files.Store.ListAsync(rescued, cancellation))
            if (name.Value[rescued.Length..].Split('/') is [var text, var edition] && Hash256.TryParse(text) is { } hash
                && int.TryParse(edition, System.Globalization.NumberStyles.None, null, out var number))
                yield return new(hash, number);
    }

    private async Task<byte[]> ReadAsync(BlobName name, Hash256 hash, int length, CancellationToken cancellation)
    {
        var stored = await files.Store.GetAsync(name, cancellation) ?? throw DamagedObjectException.Missing(name);
        // Up to 15 ms of CPU for 4 MiB; would block every other call of the caller's scheduler. Touches no state.
        return await Task.Run(() =>
        {
            var plain = files.Open(name, ObjectKind.Chunk, stored.Span);
            return plain.Length == length && files.Keys.NameOf(plain) == hash
                ? plain : throw new DamagedObjectException(name, "its content is not what its name says");
        }, cancellation);
    }
}
