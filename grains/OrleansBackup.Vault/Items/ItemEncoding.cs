using System.Collections.Immutable;
using OrleansBackup.Vault.Format;

namespace OrleansBackup.Vault.Items;

/// <summary>How item versions, restore points and their dictionaries are written. FORMAT.md, "Items".</summary>
internal static class ItemEncoding
{
    public static void Write(FieldWriter writer, ItemVersion item)
    {
        writer.Text(item.Id);
        writer.OptionalText(item.ParentId);
        writer.Text(item.Kind);
        writer.Text(item.Name);
        writer.Signed(item.Size);
        writer.Flag(item.Time is not null);
        if (item.Time is { } time)
            writer.Time(time);
        WriteTexts(writer, item.Properties);
        writer.Number(item.Contents.Count);
        foreach (var (role, content) in InOrder(item.Contents))
        {
            writer.Text(role);
            content.WriteTo(writer);
        }
    }

    public static ItemVersion ReadItem(ref FieldReader reader)
    {
        var (id, parent, kind, name, size) = (reader.Text(), reader.OptionalText(), reader.Text(), reader.Text(), reader.Signed());
        DateTimeOffset? time = reader.Flag() ? reader.Time() : null;
        var properties = ReadTexts(ref reader);
        var contents = ImmutableSortedDictionary.CreateBuilder<string, ContentReference>(StringComparer.Ordinal);
        for (var i = reader.Count(); i > 0; i--)
            contents[reader.Text()] = ContentReference.Read(ref reader);
        return new(id, parent, string.IsInterned(kind) ?? kind, name, size, time, properties, contents.ToImmutable());
    }

    public static void Write(FieldWriter writer, RestorePoint point)
    {
        writer.Number(point.Sequence);
        writer.Fixed(point.Run.ToByteArray(bigEndian: true));
        writer.Time(point.StartedAt);
        writer.Time(point.SealedAt);
        WriteCounts(writer, point.ItemsByKind);
        writer.Signed(point.LogicalBytes);
        WriteTexts(writer, point.Details);
    }

    public static RestorePoint ReadPoint(ref FieldReader reader)
    {
        var (sequence, run) = (reader.Long(), new Guid(reader.Fixed(16), bigEndian: true));
        var (started, sealedAt) = (reader.Time(), reader.Time());
        var (items, bytes) = (ReadCounts(ref reader), reader.Signed());
        return new(sequence, run, started, sealedAt, items, bytes, ReadTexts(ref reader));
    }

    public static void WriteTexts(FieldWriter writer, ImmutableSortedDictionary<string, string> texts)
    {
        writer.Number(texts.Count);
        foreach (var (key, value) in InOrder(texts))
        {
            writer.Text(key);
            writer.Text(value);
        }
    }

    public static ImmutableSortedDictionary<string, string> ReadTexts(ref FieldReader reader)
    {
        var texts = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        for (var i = reader.Count(); i > 0; i--)
            texts[reader.Text()] = reader.Text();
        return texts.ToImmutable();
    }

    public static void WriteCounts(FieldWriter writer, ImmutableSortedDictionary<string, long> counts)
    {
        writer.Number(counts.Count);
        foreach (var (key, value) in counts)
        {
            writer.Text(key);
            writer.Number(value);
        }
    }

    public static ImmutableSortedDictionary<string, long> ReadCounts(ref FieldReader reader)
    {
        var counts = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        for (var i = reader.Count(); i > 0; i--)
            counts[reader.Text()] = reader.Long();
        return counts.ToImmutable();
    }

    /// <summary>Whatever order the dictionary itself has; most hold one entry.</summary>
    private static IEnumerable<KeyValuePair<string, T>> InOrder<T>(ImmutableSortedDictionary<string, T> entries) =>
        entries.Count > 1 ? entries.OrderBy(e => e.Key, StringComparer.Ordinal) : entries;
}
