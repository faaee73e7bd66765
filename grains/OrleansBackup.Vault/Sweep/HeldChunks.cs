using OrleansBackup.Vault.Content;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Items;
using OrleansBackup.Vault.Log;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Sweep;

/// <summary>What may be named by an object that cannot be read: everything that was there when that was found, and nothing that came later.</summary>
/// <remarks>
/// An object of a log is made after the chunks that it names and never changed. So a list of all chunks, made once it is known to exist, holds
/// whatever it names; it is kept beside the logs, and as long as the object is there and unreadable those chunks stay. What is stored
/// afterwards is swept as ever: damage to one resource costs the tenant a bounded amount of space. The list goes when a prune has removed the object, when it can be
/// read again, or with the resource.
/// </remarks>
internal sealed class HeldChunks(ObjectFiles files, ChunkEditions editions)
{
    private string Prefix => ResourceNames.HeldOf(files.Keys.Tenant);

    /// <summary>The chunks that each of these objects may name. Durable when this returns.</summary>
    /// <param name="unreadable">Objects that were seen to exist, or to be missing though something needs them.</param>
    public async Task<HashSet<UInt128>> HoldAsync(IReadOnlyCollection<BlobName> unreadable, CancellationToken cancellation)
    {
        var held = new HashSet<UInt128>();
        HashSet<UInt128>? all = null;
        foreach (var list in unreadable.Select(ListFor))
        {
            if (await TryReadAsync(list, cancellation) is { } known)
            {
                held.UnionWith(known);
                continue;
            }
            all ??= await editions.AllAsync(cancellation).Select(chunk => KeyFilter.KeyOf(chunk.Hash)).ToHashSetAsync(cancellationToken: cancellation);
            held.UnionWith(all);
            await files.Store.PutIfAbsentAsync(list, files.Seal(list, ObjectKind.HeldChunks, Encode(all)), cancellation);
        }
        return held;
    }

    /// <summary>Removes the lists for all other objects.</summary>
    public async Task ReleaseAsync(IReadOnlyCollection<BlobName> unreadable, CancellationToken cancellation)
    {
        var needed = unreadable.Select(ListFor).ToHashSet();
        foreach (var list in await files.Store.ListAsync(Prefix, cancellation).Where(name => !needed.Contains(name)).ToListAsync(cancellation))
            await files.Store.TryDeleteAsync(list, cancellation);
    }

    private BlobName ListFor(BlobName unreadable) => new(Prefix + unreadable.Value[(files.Keys.Tenant.Length + 1)..]);

    private async Task<HashSet<UInt128>?> TryReadAsync(BlobName list, CancellationToken cancellation)
    {
        if (await files.Store.GetAsync(list, cancellation) is not { } stored)
            return null;
        try { return Decode(files.Open(list, ObjectKind.HeldChunks, stored.Span)); }
        catch (Exception e) when (e is DamagedObjectException or InvalidDataException)
        {
            await files.Store.TryDeleteAsync(list, cancellation); // all that is there now holds more than it did
            return null;
        }
    }

    private static byte[] Encode(HashSet<UInt128> keys)
    {
        var writer = new FieldWriter(16 + keys.Count * 16);
        writer.Number(keys.Count);
        foreach (var key in keys.Order())
            BaseIndex.WriteKey(writer, key);
        return writer.ToArray();
    }

    private static HashSet<UInt128> Decode(ReadOnlySpan<byte> plain)
    {
        var reader = new FieldReader(plain);
        var keys = new HashSet<UInt128>();
        for (var i = reader.Count(); i > 0; i--)
            keys.Add(BaseIndex.ReadKey(ref reader));
        reader.End();
        return keys;
    }
}
