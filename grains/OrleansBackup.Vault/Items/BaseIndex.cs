using System.Collections.Immutable;
using OrleansBackup.Vault.Content;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Log;

namespace OrleansBackup.Vault.Items;

/// <summary>Where one block of a base is: the part, the frame in it, and the first key in the block.</summary>
internal sealed record BaseBlock<TKey>(int Part, uint Frame, long Offset, int StoredBytes, TKey First);

/// <summary>The object that makes a base's parts a base: what it covers and where everything is. FORMAT.md, "Bases".</summary>
/// <param name="FromHash">The hash of segment <c>Range.From</c> (zero if that is 0), so that the chain of the log goes on through the base.</param>
/// <param name="ToHash">The hash of segment <c>Range.To</c>.</param>
/// <param name="Writer">The random text in the names of its parts.</param>
/// <param name="Points">Restore points in the range, oldest first.</param>
/// <param name="Packs">Every pack that its versions name.</param>
internal sealed record BaseIndex(
    BaseRange Range, Hash256 FromHash, Hash256 ToHash, string Writer, ImmutableArray<long> PartBytes, long Entries,
    ImmutableArray<string> Kinds, ImmutableArray<RestorePoint> Points, ImmutableArray<PackName> Packs,
    ImmutableArray<BaseBlock<string>> ById, ImmutableArray<BaseBlock<Place>> ByPlace, ImmutableArray<BaseBlock<UInt128>> ByContent,
    KeyFilter Ids, KeyFilter Contents)
{
    public byte[] Encode()
    {
        var writer = new FieldWriter(64 << 10);
        writer.Number(Range.From);
        writer.Number(Range.To);
        FromHash.WriteTo(writer);
        ToHash.WriteTo(writer);
        writer.Text(Writer);
        WriteAll(writer, PartBytes, writer.Number);
        writer.Number(Entries);
        WriteAll(writer, Kinds, writer.Text);
        WriteAll(writer, Points, point => ItemEncoding.Write(writer, point));
        WriteAll(writer, Packs, pack => pack.WriteTo(writer));
        WriteBlocks(writer, ById, writer.Text);
        WriteBlocks(writer, ByPlace, place =>
        {
            writer.Text(place.Kind);
            writer.OptionalText(place.ParentId);
            writer.Text(place.Id);
        });
        WriteBlocks(writer, ByContent, key => WriteKey(writer, key));
        Ids.WriteTo(writer);
        Contents.WriteTo(writer);
        return writer.ToArray();
    }

    /// <exception cref="InvalidDataException">Not a base index.</exception>
    public static BaseIndex Decode(ReadOnlySpan<byte> plain)
    {
        var reader = new FieldReader(plain);
        var range = new BaseRange(reader.Long(), reader.Long());
        var (from, to, writer) = (Hash256.Read(ref reader), Hash256.Read(ref reader), reader.Text());
        var parts = ReadAll(ref reader, (ref FieldReader r) => r.Long());
        var entries = reader.Long();
        var kinds = ReadAll(ref reader, (ref FieldReader r) => r.Text());
        var points = ReadAll(ref reader, (ref FieldReader r) => ItemEncoding.ReadPoint(ref r));
        var packs = ReadAll(ref reader, (ref FieldReader r) => PackName.Read(ref r));
        var byId = ReadBlocks(ref reader, (ref FieldReader r) => r.Text());
        var byPlace = ReadBlocks(ref reader, (ref FieldReader r) => new Place(r.Text(), r.OptionalText(), r.Text()));
        var byContent = ReadBlocks(ref reader, (ref FieldReader r) => ReadKey(ref r));
        var (ids, contents) = (KeyFilter.Read(ref reader), KeyFilter.Read(ref reader));
        reader.End();
        return new(range, from, to, writer, parts, entries, kinds, points, packs, byId, byPlace, byContent, ids, contents);
    }

    public static void WriteKey(FieldWriter writer, UInt128 key)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, key);
        writer.Fixed(bytes);
    }

    public static UInt128 ReadKey(ref FieldReader reader) => System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(reader.Fixed(16));

    private delegate T Read<T>(ref FieldReader reader);

    private static void WriteAll<T>(FieldWriter writer, ImmutableArray<T> values, Action<T> write)
    {
        writer.Number(values.Length);
        foreach (var value in values)
            write(value);
    }

    private static ImmutableArray<T> ReadAll<T>(ref FieldReader reader, Read<T> read)
    {
        var values = ImmutableArray.CreateBuilder<T>(reader.Count());
        for (var i = values.Capacity; i > 0; i--)
            values.Add(read(ref reader));
        return values.MoveToImmutable();
    }

    private static void WriteBlocks<TKey>(FieldWriter writer, ImmutableArray<BaseBlock<TKey>> blocks, Action<TKey> writeKey) =>
        WriteAll(writer, blocks, block =>
        {
            writer.Number(block.Part);
            writer.Number(block.Frame);
            writer.Number(block.Offset);
            writer.Number(block.StoredBytes);
            writeKey(block.First);
        });

    private static ImmutableArray<BaseBlock<TKey>> ReadBlocks<TKey>(ref FieldReader reader, Read<TKey> readKey) =>
        ReadAll(ref reader, (ref FieldReader r) => new BaseBlock<TKey>(r.Int(), (uint)r.Int(), r.Long(), r.Int(), readKey(ref r)));
}
