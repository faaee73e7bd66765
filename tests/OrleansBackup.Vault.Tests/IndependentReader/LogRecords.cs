namespace OrleansBackup.Vault.Tests.IndependentReader;

/// <summary>A restore point as FORMAT.md describes it.</summary>
internal sealed record ReadPoint(
    ulong Sequence, Guid Run, DateTimeOffset Started, DateTimeOffset Sealed, SortedDictionary<string, ulong> Counts, long Bytes, SortedDictionary<string, string> Details)
{
    public static ReadPoint Read(StoredBytes f) => new(f.Number(), f.Guid(), f.Time(), f.Time(), f.Counts(), f.Signed(), f.Texts());
}

/// <summary>An item as FORMAT.md describes it.</summary>
internal sealed record ReadItem(
    string Id, string? Parent, string Kind, string Name, long Size, DateTimeOffset? Time,
    SortedDictionary<string, string> Properties, SortedDictionary<string, ReadReference> Contents)
{
    public static ReadItem Read(StoredBytes f) => new(
        f.Text(), f.Optional(f.Text), f.Text(), f.Text(), f.Signed(), f.Flag() ? f.Time() : null, f.Texts(), f.Table(() => ReadReference.Read(f)));

    /// <summary>A change: the id, and the item unless it is gone.</summary>
    public static (string Id, ReadItem? Item) ReadChange(StoredBytes f)
    {
        if (!f.Flag())
            return (f.Text(), null);
        var item = Read(f);
        return (item.Id, item);
    }
}

/// <summary>A content reference as FORMAT.md describes it.</summary>
internal abstract record ReadReference
{
    public sealed record InPack(string Pack, int Entry, long Length, string Hash) : ReadReference;
    public sealed record Chunks(List<(string Hash, long Length)> List) : ReadReference;
    public sealed record Listed(long Length, ReadReference Inner) : ReadReference;

    public sealed record Recipe(uint Sum, ReadReference Literal, List<RecipePart> Parts) : ReadReference;

    public static ReadReference Read(StoredBytes f) => f.Byte() switch
    {
        1 => new InPack(PackName(f), f.Count(), (long)f.Number(), f.Hash()),
        2 => new Chunks(ReadChunks(f)),
        3 => new Listed((long)f.Number(), Read(f)),
        4 => new Recipe((uint)f.Number(), Read(f), f.List(() => new RecipePart(f.Count(), f.Count(), f.Fixed(f.Count()), f.Flag(), Read(f)))),
        var other => throw new FormatException($"a content reference of form {other}"),
    };

    public static List<(string Hash, long Length)> ReadChunks(StoredBytes f) => f.List(() => (f.Hash(), (long)f.Number()));

    /// <summary>A pack's name as it is in the name of its object.</summary>
    public static string PackName(StoredBytes f) => $"{f.Number():d10}-{Convert.ToHexStringLower(f.Fixed(16))}";
}

/// <summary>An encoded part of a recipe as FORMAT.md describes it.</summary>
internal sealed record RecipePart(int LiteralBefore, int LineLength, byte[] LineEnd, bool IsPadded, ReadReference Content);

/// <summary>What one object of the log says: a segment, or a base.</summary>
/// <param name="Object">The name of the object that says it.</param>
/// <param name="Parts">Names of further objects that belong to it.</param>
/// <param name="Packs">Packs it adds with their lengths (segment), or its versions name (base; no lengths).</param>
internal sealed record ReadStep(
    string Object, ulong From, ulong To, string FromHash, string ToHash, List<ReadPoint> Points, List<(string Name, ulong Bytes)> Packs, List<string> Parts, Lazy<List<(string Id, ReadItem? Item)>> Contained)
{
    /// <summary>Read when asked for: objects that no way leads through may lack what they name.</summary>
    public List<(string Id, ReadItem? Item)> Changes => Contained.Value;
}

/// <summary>A prune record as FORMAT.md describes it.</summary>
internal sealed record ReadPrune(ulong Number, ulong Head, HashSet<ulong> Kept, List<string> Condemned)
{
    public static ReadPrune Read(StoredBytes f)
    {
        var (number, _, head, kept) = (f.Number(), f.Time(), f.Number(), f.List(f.Number));
        var condemned = f.List(() => { var name = f.Text(); f.Number(); return name; });
        if (!f.AtEnd)
            _ = (f.List(f.Number), f.Number(), f.Time(), f.Number());
        return f.AtEnd ? new(number, head, [.. kept], condemned) : throw new FormatException($"prune record {number} goes on after its end");
    }
}
