using OrleansBackup.Vault.Content;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Log;

namespace OrleansBackup.Vault.Checking;

/// <summary>Checks packs and chunks, and that what items name is in them.</summary>
internal sealed class ContentCheck(ResourceContext context, CheckDepth depth, CheckFindings findings, Action<long> read)
{
    private readonly ContentReader _reader = new(context.Files, context.Names, context.Cache);
    private readonly SpareContents _spares = new(context.Files, context.Names);
    private readonly HashSet<PackName> _named = [];
    private readonly HashSet<LogStep> _reachable = [];
    private readonly Dictionary<PackName, long> _expected = [];
    private readonly Dictionary<PackName, DamagedObjectException> _badPacks = [];
    private readonly Dictionary<(PackName, int), DamagedObjectException> _badBlocks = [];
    private readonly Dictionary<Hash256, DamagedObjectException?> _chunks = [];
    private readonly HashSet<PackName> _measured = [];

    public void Named(IEnumerable<PackName> packs) => _named.UnionWith(packs);
    public bool IsNamed(PackName pack) => _named.Contains(pack);
    public void Reachable(IEnumerable<LogStep> steps) => _reachable.UnionWith(steps);
    public bool IsReachable(LogStep step) => _reachable.Contains(step);

    /// <summary>A segment says how long this pack is.</summary>
    public void Expect(StoredPack pack) => _expected[pack.Name] = pack.StoredBytes;

    /// <summary>Reads every block and hashes every content of a pack. A bad block is remembered for the items that need it.</summary>
    public async Task ReadPackAsync(PackName pack, CancellationToken cancellation)
    {
        var index = await _reader.IndexOfAsync(pack, cancellation);
        for (var block = 0; block < index.Blocks.Length; block++)
        {
            try
            {
                var bytes = await _reader.ReadBlockAsync(index, block, cancellation);
                read(index.Blocks[block].StoredBytes);
                var offset = 0;
                foreach (var entry in index.Blocks[block].Entries)
                {
                    if (!entry.IsDead && context.Files.Keys.NameOf(bytes.AsSpan(offset, entry.Length)) != entry.Hash)
                        throw new DamagedObjectException(context.Names.Pack(pack), "a content in it is not what its index says");
                    offset += entry.Length;
                }
            }
            catch (DamagedObjectException e)
            {
                findings.Add(e);
                _badBlocks[(pack, block)] = e;
            }
        }
    }

    public async Task CheckAsync(ContentReference content, string item, CancellationToken cancellation)
    {
        try
        {
            if (content.Literal is not null)
                foreach (var piece in content.Pieces)
                    await CheckAsync(piece, item, cancellation);
            else if (content.IsInPack)
                await CheckPackedOrSpareAsync(content, cancellation);
            else if (content.List is null)
                foreach (var chunk in content.Chunks)
                    await CheckChunkAsync(chunk, item, cancellation);
            else
            {
                await CheckAsync(content.List, item, cancellation);
                foreach (var chunk in await _reader.ReadListAsync(content, cancellation))
                    await CheckChunkAsync(chunk, item, cancellation);
            }
        }
        catch (DamagedObjectException e) { findings.Add(e, item); }
    }

    private async Task CheckPackedOrSpareAsync(ContentReference content, CancellationToken cancellation)
    {
        try { await CheckPackedAsync(content, cancellation); }
        catch (DamagedObjectException e)
        {
            if (await _spares.FindAsync(content.Pack, content.Hash, cancellation) is null)
                throw;
            findings.NoteHealed(e);
        }
    }

    private async Task CheckPackedAsync(ContentReference content, CancellationToken cancellation)
    {
        if (_badPacks.TryGetValue(content.Pack, out var known))
            throw known;
        DamagedObjectException? bad;
        try
        {
            var index = await _reader.IndexOfAsync(content.Pack, cancellation);
            if (index.Object == context.Names.Pack(content.Pack) && _measured.Add(content.Pack) && _expected.TryGetValue(content.Pack, out var bytes)
                && await context.Files.Store.GetLengthAsync(context.Names.Pack(content.Pack), cancellation) != bytes)
                throw new DamagedObjectException(context.Names.Pack(content.Pack), "it has another length than its segment says");
            if (index.Locate(content.Entry) is not { } place || place.Entry.Hash != content.Hash || place.Entry.Length != content.Length)
                throw new DamagedObjectException(context.Names.Pack(content.Pack), "it does not hold the content that is named in it");
            bad = _badBlocks.GetValueOrDefault((content.Pack, place.Block)); // only the items in that block depend on it
        }
        catch (DamagedObjectException e)
        {
            _badPacks[content.Pack] = e; // not read again for each item in it
            throw;
        }
        if (bad is not null)
            throw bad;
    }

    private async Task CheckChunkAsync(ChunkReference chunk, string item, CancellationToken cancellation)
    {
        if (!_chunks.TryGetValue(chunk.Hash, out var known))
        {
            try
            {
                if (depth == CheckDepth.Full)
                    await _reader.ReadChunkAsync(chunk, cancellation);
                var name = ResourceNames.ChunkOf(context.Files.Keys.Tenant, chunk.Hash);
                var (_, length) = await new ChunkEditions(context.Files).FindAsync(chunk.Hash, cancellation) ?? throw DamagedObjectException.Missing(name);
                if (length <= ObjectCipher.HeaderBytes + ObjectCipher.TagBytes)
                    throw new DamagedObjectException(name, "it is cut short");
                if (depth == CheckDepth.Full)
                    read(length);
            }
            catch (DamagedObjectException e) { known = e; }
            _chunks[chunk.Hash] = known;
        }
        if (known is not null)
            findings.Add(known, item);
    }
}
