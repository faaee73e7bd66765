using System.IO.Compression;

namespace OrleansBackup.Vault.Format;

/// <summary>How a block's bytes are written; the numbers are stored.</summary>
public enum BlockCompression : byte
{
    None = 0,
    Zstandard = 1,
    Brotli = 2,
}

/// <summary>Compresses a block when that pays, and marks it with the codec that reads it. FORMAT.md, "Blocks".</summary>
internal sealed class BlockCodec(BlockCompression preferred)
{
    private const int LevelOfZstandard = 3, QualityOfBrotli = 2, WindowOfBrotli = 22;
    private const int LongestBlock = 1 << 30;

    public static BlockCompression BestHere => Zstandard.IsAvailable ? BlockCompression.Zstandard : BlockCompression.Brotli;

    /// <summary>The most room that a block of so many bytes needs.</summary>
    public static int LongestEncoded(int rawBytes) => rawBytes + 1;

    public byte[] Encode(ReadOnlySpan<byte> raw)
    {
        using var block = new PooledBytes(LongestEncoded(raw.Length));
        Encode(raw, block);
        return block.Span.ToArray();
    }

    /// <summary>Appends the block.</summary>
    public void Encode(ReadOnlySpan<byte> raw, PooledBytes target)
    {
        var room = target.Extend(LongestEncoded(raw.Length));
        if (TryCompress(raw, room) is var length and > 0)
        {
            target.Shorten(room.Length - length);
            return;
        }
        room[0] = (byte)BlockCompression.None;
        raw.CopyTo(room[1..]);
    }

    /// <returns>The length of the whole block, or -1 if compressing does not pay.</returns>
    private int TryCompress(ReadOnlySpan<byte> raw, Span<byte> target)
    {
        var prefix = 1 + LengthOfNumber(raw.Length);
        // Less than 1/32 saved does not pay for the decompression.
        var room = raw.Length - raw.Length / 32 - prefix;
        if (preferred == BlockCompression.None || room <= 0 || !CompressionProbe.IsWorthTrying(raw, CompressFast))
            return -1;
        var length = Compress(raw, target.Slice(prefix, room));
        if (length < 0)
            return -1;
        target[0] = (byte)preferred;
        WriteNumber(raw.Length, target[1..]);
        return prefix + length;
    }

    private int Compress(ReadOnlySpan<byte> raw, Span<byte> target) => preferred switch
    {
        BlockCompression.Zstandard => Zstandard.Compress(raw, target, LevelOfZstandard),
        BlockCompression.Brotli => BrotliEncoder.TryCompress(raw, target, out var length, QualityOfBrotli, WindowOfBrotli) ? length : -1,
        _ => throw new InvalidOperationException($"{preferred} is no codec"),
    };

    private int CompressFast(ReadOnlySpan<byte> raw, Span<byte> target) => preferred == BlockCompression.Zstandard
        ? Zstandard.Compress(raw, target, level: 1)
        : BrotliEncoder.TryCompress(raw, target, out var length, quality: 1, window: 16) ? length : -1;

    /// <exception cref="InvalidDataException">Not what <see cref="Encode"/> makes.</exception>
    /// <exception cref="CodecMissingException">Compressed with a codec that is not on this machine.</exception>
    public static byte[] Decode(ReadOnlySpan<byte> block)
    {
        if (block.IsEmpty)
            throw new InvalidDataException("a block is empty");
        var codec = (BlockCompression)block[0];
        if (codec == BlockCompression.None)
            return block[1..].ToArray();
        if (codec is not (BlockCompression.Zstandard or BlockCompression.Brotli))
            throw new InvalidDataException($"codec {block[0]} is unknown to this version");
        if (codec == BlockCompression.Zstandard && !Zstandard.IsAvailable)
            throw new CodecMissingException("zstd", "install libzstd (Debian: libzstd1)");
        var reader = new FieldReader(block[1..]);
        var length = reader.Int();
        if (length > LongestBlock)
            throw new InvalidDataException("a block is too long");
        var compressed = block[(1 + LengthOfNumber(length))..];
        var raw = GC.AllocateUninitializedArray<byte>(length);
        var whole = codec == BlockCompression.Zstandard
            ? Zstandard.TryDecompress(compressed, raw)
            : BrotliDecoder.TryDecompress(compressed, raw, out var written) && written == length;
        return whole ? raw : throw new InvalidDataException("a block does not decompress");
    }

    private static void WriteNumber(int value, Span<byte> target)
    {
        var at = 0;
        for (; value >= 0x80; value >>= 7)
            target[at++] = (byte)(value | 0x80);
        target[at] = (byte)value;
    }

    private static int LengthOfNumber(int value) => value switch { < 1 << 7 => 1, < 1 << 14 => 2, < 1 << 21 => 3, < 1 << 28 => 4, _ => 5 };
}
