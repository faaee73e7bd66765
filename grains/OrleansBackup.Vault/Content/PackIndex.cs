using System.Buffers.Binary;
using System.Collections.Immutable;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Content;

/// <summary>One block of a pack: its frame's place in the object, and the contents in it one after another.</summary>
internal sealed record PackBlock(long Offset, int StoredBytes, ImmutableArray<PackEntry> Entries);

/// <summary>One content in a pack.</summary>
internal readonly record struct PackEntry(int Length, Hash256 Hash);

/// <summary>Where each content of a pack is. Last in the object, because it is known last. FORMAT.md, "Packs".</summary>
internal sealed record PackIndex(ImmutableArray<PackBlock> Blocks)
{
    public const int TrailerBytes = 8;

    /// <summary>The pack's header, which every frame needs; read with the index.</summary>
    public ReadOnlyMemory<byte> Header { get; private init; }

    private static ReadOnlySpan<byte> TrailerMark => "OBVP"u8;

    public byte[] Encode()
    {
        var writer = new FieldWriter(4096);
        writer.Number(Blocks.Length);
        foreach (var block in Blocks)
        {
            writer.Number(block.StoredBytes);
            writer.Number(block.Entries.Length);
            foreach (var entry in block.Entries)
            {
                writer.Number(entry.Length);
                entry.Hash.WriteTo(writer);
            }
        }
        return writer.ToArray();
    }

    public static void AppendTrailer(PooledBytes stored, int indexBytes)
    {
        var target = stored.Extend(TrailerBytes);
        BinaryPrimitives.WriteInt32LittleEndian(target, indexBytes);
        TrailerMark.CopyTo(target[4..]);
    }

    /// <summary>Reads the end of the pack: two requests, three if the index is large.</summary>
    public static async Task<PackIndex> ReadAsync(ObjectFiles files, BlobName name, CancellationToken cancellation)
    {
        const int usualEnd = 64 << 10;
        var length = await files.Store.GetLengthAsync(name, cancellation) ?? throw DamagedObjectException.Missing(name);
        if (length < ObjectCipher.HeaderBytes + ObjectCipher.TagBytes + TrailerBytes)
            throw new DamagedObjectException(name, "it is cut short");
        var end = await files.ReadRangeAsync(name, Math.Max(0, length - usualEnd), (int)Math.Min(length, usualEnd), cancellation);
        var indexBytes = BinaryPrimitives.ReadInt32LittleEndian(end.Span[^TrailerBytes..]);
        if (!end.Span[^4..].SequenceEqual(TrailerMark) || indexBytes < ObjectCipher.TagBytes || indexBytes > length - TrailerBytes - ObjectCipher.HeaderBytes)
            throw new DamagedObjectException(name, "its end is not that of a pack");
        if (indexBytes + TrailerBytes > end.Length)
            end = await files.ReadRangeAsync(name, length - indexBytes - TrailerBytes, indexBytes + TrailerBytes, cancellation);
        var header = await files.ReadRangeAsync(name, 0, ObjectCipher.HeaderBytes, cancellation);
        return Decode(name, ObjectCipher.ForStored(name, ObjectKind.Pack, header.Span, files.Keys),
            end.Span[^(indexBytes + TrailerBytes)..^TrailerBytes], length - indexBytes - TrailerBytes) with { Header = header };
    }

    /// <param name="indexOffset">Where the index begins: the blocks must fill the object up to there.</param>
    private static PackIndex Decode(BlobName name, ObjectCipher cipher, ReadOnlySpan<byte> sealedIndex, long indexOffset)
    {
        var plain = ObjectFiles.OpenFrame(name, cipher, ObjectCipher.IndexFrame, sealedIndex);
        try
        {
            var reader = new FieldReader(plain);
            var blocks = ImmutableArray.CreateBuilder<PackBlock>(reader.Count());
            var offset = (long)ObjectCipher.HeaderBytes;
            for (var i = blocks.Capacity; i > 0; i--)
            {
                var stored = reader.Int();
                var entries = ImmutableArray.CreateBuilder<PackEntry>(reader.Count());
                for (var j = entries.Capacity; j > 0; j--)
                    entries.Add(new(reader.Int(), Hash256.Read(ref reader)));
                blocks.Add(new(offset, stored, entries.MoveToImmutable()));
                offset += stored;
            }
            reader.End();
            return offset == indexOffset ? new(blocks.MoveToImmutable()) : throw new DamagedObjectException(name, "its blocks do not fill it");
        }
        catch (InvalidDataException e) { throw new DamagedObjectException(name, e.Message, e); }
    }

    /// <returns>The block that holds an entry, its number, and where in the block the content begins; null if there is no such entry.</returns>
    public (int Block, int Offset, PackEntry Entry)? Locate(int entry)
    {
        for (var block = 0; block < Blocks.Length; block++)
        {
            var entries = Blocks[block].Entries;
            if (entry < entries.Length)
                return (block, entries.Take(entry).Sum(e => e.Length), entries[entry]);
            entry -= entries.Length;
        }
        return null;
    }
}
