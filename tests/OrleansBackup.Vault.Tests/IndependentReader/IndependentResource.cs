using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace OrleansBackup.Vault.Tests.IndependentReader;

/// <summary>FORMAT.md, "Reading", step by step.</summary>
internal sealed class IndependentResource
{
    private readonly IReadOnlyDictionary<string, byte[]> _objects;
    private readonly string _tenant, _prefix;
    private readonly TenantSecrets _secrets;
    private readonly List<ReadPrune> _prunes;
    private readonly List<ReadStep> _steps;

    public IndependentResource(IReadOnlyDictionary<string, byte[]> objects, string tenant, string resource, TenantSecrets secrets)
    {
        (_objects, _tenant, _prefix, _secrets) = (objects, tenant, $"{tenant}/resources/{resource}/", secrets);
        _prunes = [.. Under("prune/").GroupBy(n => n.Replace("-copy", "", StringComparison.Ordinal)).Select(g => ReadPruneOf([.. g])).OrderBy(p => p.Number)];
        Condemned = _prunes.SelectMany(p => p.Condemned).ToHashSet(StringComparer.Ordinal);
        _steps = [.. Under("log/").Where(n => !Condemned.Contains(n)).Select(ReadSegment)];
        _steps.AddRange(Under("base/").Where(n => n.EndsWith("/index", StringComparison.Ordinal) && !Condemned.Contains(n)).Select(ReadBase));
        Head = _steps.Select(s => s.To).DefaultIfEmpty().Max();
    }

    /// <summary>The newest segment.</summary>
    public ulong Head { get; }

    /// <summary>The names of all objects of this resource that a prune has condemned.</summary>
    public IReadOnlySet<string> Condemned { get; }

    /// <summary>The restore points that count, oldest first.</summary>
    public IReadOnlyList<ReadPoint> Points => [.. WayTo(Head).SelectMany(s => s.Points)
        .Where(p => _prunes is [] || p.Sequence > _prunes[^1].Head || _prunes[^1].Kept.Contains(p.Sequence)).OrderBy(p => p.Sequence)];

    /// <summary>The items at a state, by id.</summary>
    public SortedDictionary<string, ReadItem> Items(ulong state)
    {
        var items = new SortedDictionary<string, ReadItem>(StringComparer.Ordinal);
        foreach (var (id, item) in WayTo(state).SelectMany(s => s.Changes))
            if (item is null)
                items.Remove(id);
            else
                items[id] = item;
        return items;
    }

    public string Card() => IndependentVault.ReadCard(_objects, _prefix + "card/", _secrets);

    public byte[] Content(ReadReference reference) => reference switch
    {
        ReadReference.InPack packed => Packed(packed),
        ReadReference.Chunks chunks => [.. chunks.List.SelectMany(c => Chunk(c.Hash, c.Length))],
        ReadReference.Listed listed => [.. ReadReference.ReadChunks(new(Content(listed.Inner))).SelectMany(c => Chunk(c.Hash, c.Length))],
        ReadReference.Recipe recipe => Assembled(recipe),
        _ => throw new FormatException($"{reference}"),
    };

    private byte[] Assembled(ReadReference.Recipe recipe)
    {
        var (literal, whole) = (new StoredBytes(Content(recipe.Literal)), new List<byte>());
        foreach (var part in recipe.Parts)
        {
            whole.AddRange(literal.Fixed(part.LiteralBefore));
            var text = Convert.ToBase64String(Content(part.Content));
            var lines = Encoding.ASCII.GetBytes(part.IsPadded ? text : text.TrimEnd('=')).Chunk(part.LineLength == 0 ? int.MaxValue : part.LineLength).ToList();
            for (var line = 0; line < lines.Count; line++)
                whole.AddRange(line == 0 ? lines[line] : [.. part.LineEnd, .. lines[line]]);
        }
        whole.AddRange(literal.Rest());
        return SumOf(whole) == recipe.Sum ? [.. whole] : throw new FormatException("the recipe gives other bytes than its sum says");
    }

    /// <summary>CRC-32C: the polynomial 0x1EDC6F41, bits reversed.</summary>
    private static uint SumOf(IEnumerable<byte> bytes) => ~bytes.Aggregate(~0u, (sum, next) =>
    {
        sum ^= next;
        for (var bit = 0; bit < 8; bit++)
            sum = (sum >> 1) ^ ((sum & 1) * 0x82F63B78);
        return sum;
    });

    /// <summary>Every object of this resource but the newest segment, which the next run begins from, that no state to a counting point or to the head could ever need, and that is not condemned: garbage.</summary>
    public IEnumerable<string> Garbage()
    {
        var live = Live();
        var packs = live.SelectMany(s => s.Packs.Select(p => p.Name).Concat(s.Changes.SelectMany(c => PacksOf(c.Item)))).ToHashSet(StringComparer.Ordinal);
        var named = live.SelectMany(s => s.Parts.Prepend(s.Object)).Concat(packs.SelectMany(NeededOf)).Concat(Under("prune/")).Concat(Under("card/")).Append($"{_prefix}log/{Head:d10}").ToHashSet(StringComparer.Ordinal);
        return Under("").Where(n => !named.Contains(n) && !Condemned.Contains(n));
    }

    /// <summary>The newest edition of a pack takes the place of all before it, unless the pack has spares: then any may hold what another lost.</summary>
    private IEnumerable<string> NeededOf(string pack) => Under($"spares/{pack}/").ToList() is { Count: > 0 } spares
        ? [.. spares, .. ObjectsOf(pack)] : Under($"repacked/{pack}/").LastOrDefault() is { } edition ? [edition] : [$"{_prefix}packs/{pack}"];

    /// <summary>What may hold a pack, in the order in which to try.</summary>
    private IEnumerable<string> ObjectsOf(string pack) => Under($"repacked/{pack}/").Reverse().Prepend($"{_prefix}packs/{pack}").Where(_objects.ContainsKey);

    /// <summary>The record, or its copy where the record is missing or damaged.</summary>
    private ReadPrune ReadPruneOf(string[] recordAndCopy)
    {
        foreach (var name in recordAndCopy)
            try { return ReadPrune.Read(_secrets.OpenWhole(name, 6, _objects[name])); }
            catch (CryptographicException) when (name != recordAndCopy[^1]) { } // the copy serves
        throw new FormatException($"{recordAndCopy[0]} cannot be read");
    }

    /// <summary>Every step on any way from nothing to a counting point or to the head.</summary>
    private List<ReadStep> Live()
    {
        var reached = new HashSet<ulong> { 0 };
        foreach (var step in _steps.OrderBy(s => s.To).Where(s => reached.Contains(s.From)))
            reached.Add(step.To);
        var useful = Points.Select(p => p.Sequence).Append(Head).ToHashSet();
        foreach (var step in _steps.OrderByDescending(s => s.From).Where(s => useful.Contains(s.To)))
            useful.Add(step.From);
        return [.. _steps.Where(s => reached.Contains(s.From) && useful.Contains(s.To))];
    }

    /// <summary>The names of all chunks that any live step names.</summary>
    public IEnumerable<string> ChunksNamed() => Live().SelectMany(s => s.Changes).SelectMany(c => c.Item?.Contents.Values ?? Enumerable.Empty<ReadReference>())
        .SelectMany(ChunksOf).Select(c => $"{_tenant}/content/{c[..2]}/{c}").Distinct();

    private IEnumerable<string> ChunksOf(ReadReference reference) => reference switch
    {
        ReadReference.Chunks chunks => chunks.List.Select(c => c.Hash),
        ReadReference.Recipe recipe => recipe.Parts.Select(p => p.Content).Prepend(recipe.Literal).SelectMany(ChunksOf),
        ReadReference.Listed listed => ChunksOf(listed.Inner).Concat(ReadReference.ReadChunks(new(Content(listed.Inner))).Select(c => c.Hash)),
        _ => [],
    };

    private static IEnumerable<string> PacksOf(ReadItem? item) => item?.Contents.Values.SelectMany(PacksOf) ?? [];

    private static IEnumerable<string> PacksOf(ReadReference reference) => reference switch
    {
        ReadReference.InPack packed => [packed.Pack],
        ReadReference.Recipe recipe => recipe.Parts.Select(p => p.Content).Prepend(recipe.Literal).SelectMany(PacksOf),
        ReadReference.Listed listed => PacksOf(listed.Inner),
        _ => [],
    };

    private IEnumerable<string> Under(string folder) =>
        _objects.Keys.Where(n => n.StartsWith(_prefix + folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private ReadStep ReadSegment(string name)
    {
        var f = _secrets.OpenWhole(name, 1, _objects[name]);
        var sequence = f.Number();
        if (!name.EndsWith($"/log/{sequence:d10}", StringComparison.Ordinal))
            throw new FormatException($"{name} is segment {sequence}");
        _ = (f.Guid(), f.Time(), f.Time());
        var previous = f.Hash();
        _ = (f.Text(), f.Counts(), f.Signed());
        var packs = f.List(() => (Name: ReadReference.PackName(f), Bytes: f.Number()));
        var points = f.Optional(() => ReadPoint.Read(f)) is { } point ? new List<ReadPoint> { point } : [];
        return new(name, sequence - 1, sequence, previous, HashOf(name), points, packs, [], new(Sorted(f.List(() => ReadItem.ReadChange(f)), f)));
    }

    private string HashOf(string name) => Convert.ToHexStringLower(SHA512.HashData(_objects[name])[..32]);

    private ReadStep ReadBase(string name)
    {
        var f = _secrets.OpenWhole(name, 2, _objects[name]);
        var (from, to, fromHash, toHash, writer) = (f.Number(), f.Number(), f.Hash(), f.Hash(), f.Text());
        var folder = name[..^"index".Length];
        if (!folder.EndsWith($"/base/{to:d10}-{from:d10}/", StringComparison.Ordinal))
            throw new FormatException($"{name} is of {from} to {to}");
        var lengths = f.List(f.Number);
        var parts = lengths.Select((_, part) => $"{folder}{writer}-{part:d4}").ToList();
        _ = (f.Number(), f.List(f.Text));
        var points = f.List(() => ReadPoint.Read(f));
        var packs = f.List(() => (ReadReference.PackName(f), 0UL));
        var byId = f.List(() => (Part: f.Count(), Frame: (uint)f.Number(), Offset: f.Count(), Length: f.Count(), First: f.Text()));
        return new(name, from, to, fromHash, toHash, points, packs, parts, new(ReadChanges));

        List<(string Id, ReadItem? Item)> ReadChanges()
        {
            if (parts.Zip(lengths).FirstOrDefault(p => (ulong)_objects[p.First].Length != p.Second) is { First: { } other })
                throw new FormatException($"{other} has another length than its index says");
            var changes = new List<(string Id, ReadItem? Item)>();
            foreach (var block in byId)
            {
                var part = _objects[parts[block.Part]];
                var contained = new StoredBytes(_secrets.Contained(parts[block.Part], 3, part[..40], block.Frame, part[block.Offset..(block.Offset + block.Length)]));
                changes.AddRange(Sorted(contained.List(() => ReadItem.ReadChange(contained)), contained));
                if (!changes.Any(c => c.Id == block.First))
                    throw new FormatException($"{name}: a block does not begin with its first key");
            }
            return changes;
        }
    }

    private static List<(string Id, ReadItem? Item)> Sorted(List<(string Id, ReadItem? Item)> changes, StoredBytes object_)
    {
        if (!object_.AtEnd || changes.Zip(changes.Skip(1)).Any(pair => string.CompareOrdinal(pair.First.Id, pair.Second.Id) >= 0))
            throw new FormatException("changes do not end the object, or are not in order of ids");
        return changes;
    }

    /// <summary>Any way of steps will do; this takes the fewest, and checks the chain along it.</summary>
    private List<ReadStep> WayTo(ulong state)
    {
        var ways = new Dictionary<ulong, List<ReadStep>> { [0] = [] };
        foreach (var step in _steps.OrderBy(s => s.To).ThenBy(s => s.From))
            if (ways.TryGetValue(step.From, out var way) && (!ways.TryGetValue(step.To, out var known) || known.Count > way.Count + 1))
                ways[step.To] = [.. way, step];
        var hash = new string('0', 64);
        foreach (var step in ways[state])
        {
            if (step.FromHash != hash)
                throw new FormatException($"{step.Object} does not follow the step before it");
            hash = step.ToHash;
            if (step.Packs.FirstOrDefault(p => p.Bytes > 0 && _objects.TryGetValue($"{_prefix}packs/{p.Name}", out var pack) && (ulong)pack.Length != p.Bytes) is { Name: { } other })
                throw new FormatException($"pack {other} has another length than {step.Object} says");
        }
        return ways[state];
    }

    private byte[] Chunk(string hash, long length)
    {
        var name = $"{_tenant}/content/{hash[..2]}/{hash}";
        return Attempt(name, hash, length)
            ?? _objects.Keys.Where(n => n.StartsWith($"{_tenant}/rescued/{hash}/", StringComparison.Ordinal)).Select(n => Attempt(n, hash, length)).FirstOrDefault(c => c is not null)
            ?? throw new FormatException($"no edition of {name} is whole");
    }

    private byte[] Packed(ReadReference.InPack packed)
    {
        foreach (var name in ObjectsOf(packed.Pack))
            try { return Checked(PackEntry(name, packed.Entry), packed.Hash, packed.Length); }
            catch (Exception e) when (e is CryptographicException or FormatException or ArgumentException) { } // the next may be whole
        return Under($"spares/{packed.Pack}/{packed.Hash}-").Select(name => Attempt(name, packed.Hash, packed.Length)).FirstOrDefault(c => c is not null)
            ?? throw new FormatException($"no edition of pack {packed.Pack} and no spare holds entry {packed.Entry}");
    }

    private byte[]? Attempt(string name, string hash, long length)
    {
        try { return Checked(_secrets.OpenWhole(name, 5, _objects[name]).Rest(), hash, length); }
        catch (Exception) { return null; }
    }

    private byte[] Checked(byte[] content, string hash, long length) =>
        content.Length == length && _secrets.NameOf(content) == hash ? content : throw new FormatException($"content is not {hash}");

    /// <param name="name">The object of a pack, or of an edition of it.</param>
    private byte[] PackEntry(string name, int entry)
    {
        var stored = _objects[name];
        if (!stored.AsSpan().EndsWith("OBVP"u8))
            throw new FormatException($"{name} does not end as a pack");
        var indexLength = BinaryPrimitives.ReadInt32LittleEndian(stored.AsSpan(stored.Length - 8));
        var f = new StoredBytes(_secrets.Contained(name, 4, stored[..40], uint.MaxValue, stored[^(8 + indexLength)..^8]));
        var blocks = f.List(() => (Length: f.Count(), Entries: f.List(() => (Length: f.Count(), Hash: f.Hash()))));
        if (40 + blocks.Sum(b => b.Length) != stored.Length - 8 - indexLength)
            throw new FormatException($"{name}: its frames do not fill it");
        var (frame, offset) = (0, 40);
        for (; entry >= blocks[frame].Entries.Count; frame++)
            (entry, offset) = (entry - blocks[frame].Entries.Count, offset + blocks[frame].Length);
        var raw = new StoredBytes(_secrets.Contained(name, 4, stored[..40], (uint)frame, stored[offset..(offset + blocks[frame].Length)]));
        var contents = blocks[frame].Entries.Select(e => raw.Fixed(e.Length)).ToList();
        return raw.AtEnd ? contents[entry] : throw new FormatException($"{name}: block {frame} is longer than its entries");
    }
}
