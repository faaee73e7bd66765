using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Log;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Content;

/// <summary>Second homes of packed contents whose pack was found damaged: each an object of its own, named by the pack and the content's hash.</summary>
/// <remarks>References stay as they are, so every restore point that names the content is whole again. Nothing is overwritten: a spare that is damaged
/// itself gets another beside it. A prune takes spares away with their pack.</remarks>
internal sealed class SpareContents(ObjectFiles files, ResourceNames names)
{
    /// <returns>The content, or null if there is no whole spare of it.</returns>
    public async Task<byte[]?> FindAsync(PackName pack, Hash256 hash, CancellationToken cancellation)
    {
        for (var number = 1; ; number++)
        {
            if (await files.Store.GetAsync(names.Spare(pack, hash, number), cancellation) is not { } stored)
                return null;
            if (TryOpen(names.Spare(pack, hash, number), hash, stored) is { } content)
                return content;
        }
    }

    /// <summary>Stores a spare unless a whole one is there. Durable when this returns.</summary>
    public async Task PutAsync(PackName pack, Hash256 hash, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        for (var number = 1; ; number++)
        {
            var name = names.Spare(pack, hash, number);
            if (await files.Store.PutIfAbsentAsync(name, files.Seal(name, ObjectKind.Chunk, content.Span), cancellation)
                || (await files.Store.GetAsync(name, cancellation) is { } there && TryOpen(name, hash, there) is not null))
                return;
        }
    }

    /// <summary>Every spare, by its pack.</summary>
    public async Task<Dictionary<PackName, List<BlobName>>> AllAsync(CancellationToken cancellation)
    {
        var spares = new Dictionary<PackName, List<BlobName>>();
        await foreach (var name in files.Store.ListAsync(names.SparePrefix, cancellation))
            if (name.Value[names.SparePrefix.Length..].Split('/') is [var text, _] && PackName.TryParse(text) is { } pack)
                (spares.TryGetValue(pack, out var found) ? found : spares[pack] = []).Add(name);
        return spares;
    }

    private byte[]? TryOpen(BlobName name, Hash256 hash, ReadOnlyMemory<byte> stored)
    {
        try { return files.Open(name, ObjectKind.Chunk, stored.Span) is var content && files.Keys.NameOf(content) == hash ? content : null; }
        catch (DamagedObjectException) { return null; } // the damage to tell is that of the pack, unless another spare is whole
    }
}
