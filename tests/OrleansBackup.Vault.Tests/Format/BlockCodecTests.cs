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
}
