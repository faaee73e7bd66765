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

    public byte[] Encode(ReadOnlySpan<byte> raw)
    {
        var prefix = new FieldWriter(16);
        prefix.Byte((byte)preferred);
        prefix.Number((ulong)raw.Length);
        // Less than 1/32 saved does not pay for the decompression.
        var room = raw.Length - raw.Length / 32 - prefix.Length;
        if (preferred != BlockCompression.None && room > 0)
        {
            var target = System.Buffers.ArrayPool<byte>.Shared.Rent(raw.Length);
            try
            {
                var length = Compress(raw, target.AsSpan(0, room));
                if (length >= 0)
                    return [.. prefix.Written, .. target.AsSpan(0, length)];
            }
            finally { System.Buffers.ArrayPool<byte>.Shared.Return(target); }
        }
        return [(byte)BlockCompression.None, .. raw];
    }

    private int Compress(ReadOnlySpan<byte> raw, Span<byte> target) => preferred switch
    {
        BlockCompression.Zstandard => Zstandard.Compress(raw, target, LevelOfZstandard),
        BlockCompression.Brotli => BrotliEncoder.TryCompress(raw, target, out var length, QualityOfBrotli, WindowOfBrotli) ? length : -1,
        _ => throw new InvalidOperationException($"{preferred} is no codec"),
    };

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

    private static int LengthOfNumber(int value) => value switch { < 1 << 7 => 1, < 1 << 14 => 2, < 1 << 21 => 3, < 1 << 28 => 4, _ => 5 };
}
