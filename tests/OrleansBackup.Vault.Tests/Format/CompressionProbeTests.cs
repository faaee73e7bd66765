using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests.Format;

public sealed class CompressionProbeTests
{
    [Theory]
    [InlineData(300_000, 0, false)]
    [InlineData(0, 300_000, true)]
    [InlineData(200_000, 100_000, true)]
    [InlineData(1000, 0, true)] // too short to ask
    public void A_block_is_tried_when_some_of_it_looks_as_if_it_compressed(int random, int text, bool expected)
    {
        byte[] raw = [.. AVault.Bytes(1, random, compressible: false), .. AVault.Bytes(2, text)];
        Assert.Equal(expected, CompressionProbe.IsWorthTrying(raw, (_, _) => -1));
    }

    [Fact]
    public void Bytes_of_every_value_are_tried_when_a_fast_codec_makes_them_shorter()
    {
        var repeated = Enumerable.Repeat(AVault.Bytes(1, 4096, compressible: false), 64).SelectMany(b => b).ToArray();
        var asked = 0;
        Assert.True(CompressionProbe.IsWorthTrying(repeated, (sample, target) =>
        {
            asked++;
            Assert.True(target.Length < sample.Length);
            return target.Length;
        }));
        Assert.InRange(asked, 0, 1);
        Assert.True(new BlockCodec(BlockCodec.BestHere).Encode(repeated).Length < 10_000);
    }

    [Fact]
    public void What_the_probe_refuses_is_not_compressed()
    {
        var raw = AVault.Bytes(1, 300_000, compressible: false);
        var block = new BlockCodec(BlockCodec.BestHere).Encode(raw);
        Assert.Equal((byte)BlockCompression.None, block[0]);
        Assert.Equal(raw, BlockCodec.Decode(block));
    }
}
