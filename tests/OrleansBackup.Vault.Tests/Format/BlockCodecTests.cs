using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests.Format;

public sealed class BlockCodecTests
{
    public static TheoryData<BlockCompression> Codecs => [.. Enum.GetValues<BlockCompression>().Where(c => c != BlockCompression.Zstandard || Zstandard.IsAvailable)];

    [Theory]
    [MemberData(nameof(Codecs))]
    public void A_block_comes_back_whoever_reads_it(BlockCompression compression)
    {
        foreach (var length in new[] { 0, 1, 31, 127, 128, 5000, 300_000 })
            foreach (var compressible in new[] { true, false })
            {
                var raw = AVault.Bytes(length, length, compressible);
                Assert.Equal(raw, BlockCodec.Decode(new BlockCodec(compression).Encode(raw)));
            }
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void What_does_not_compress_costs_one_byte(BlockCompression compression) =>
        Assert.Equal(100_001, new BlockCodec(compression).Encode(AVault.Bytes(1, 100_000, compressible: false)).Length);

    [Theory]
    [MemberData(nameof(Codecs))]
    public void A_block_that_is_not_what_it_says_is_refused(BlockCompression compression)
    {
        if (compression == BlockCompression.None)
            return; // any bytes are a block that is not compressed
        var block = new BlockCodec(compression).Encode(AVault.Bytes(1, 5000));
        Assert.Throws<InvalidDataException>(() => BlockCodec.Decode([]));
        Assert.Throws<InvalidDataException>(() => BlockCodec.Decode([77, .. block[1..]]));
        Assert.Throws<InvalidDataException>(() => BlockCodec.Decode(block.AsSpan(0, block.Length / 2)));
        Assert.Throws<InvalidDataException>(() => BlockCodec.Decode([block[0], 200, 200, .. block[3..]]));
    }

    /// <summary>A bomb: a block that says it is small and holds much, or says it is enormous and holds nothing.</summary>
    [Theory]
    [MemberData(nameof(Codecs))]
    public void A_block_never_becomes_longer_than_it_says_and_what_it_says_has_a_bound(BlockCompression compression)
    {
        if (compression == BlockCompression.None)
            return; // as long as it is
        var zeros = new BlockCodec(compression).Encode(new byte[8 << 20]);
        Assert.True(zeros.Length < 10_000);
        var compressed = zeros.AsSpan(1 + 4).ToArray(); // behind the codec and a length of four bytes
        foreach (var lie in new[] { 0, 1, 4096, (8 << 20) - 1, (8 << 20) + 1 })
            Assert.Throws<InvalidDataException>(() => BlockCodec.Decode([zeros[0], .. Number(lie), .. compressed]));
        foreach (var lie in new[] { (1L << 30) + 1, int.MaxValue, 1L + int.MaxValue, long.MaxValue })
            Assert.Throws<InvalidDataException>(() => BlockCodec.Decode([zeros[0], .. Number(lie), .. compressed])); // refused before any room is taken
        Assert.Throws<InvalidDataException>(() => BlockCodec.Decode([zeros[0], .. Enumerable.Repeat((byte)0xFF, 20), .. compressed])); // a number without end
    }

    private static IEnumerable<byte> Number(long value)
    {
        for (; value >= 0x80; value >>= 7)
            yield return (byte)(value | 0x80);
        yield return (byte)value;
    }
}
