using System.Text;
using OrleansBackup.GraphSimulator.World;
using OrleansBackup.Microsoft365.Drives;

namespace OrleansBackup.Microsoft365.Tests.Drives;

/// <summary>The service's file hash, by published vectors and beside another implementation.</summary>
public sealed class QuickXorHashTests
{
    [Theory]
    [InlineData("", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("J", "SgAAAAAAAAAAAAAAAQAAAAAAAAA=")]
    [InlineData("hello world", "aCgDG9jwBhDc4Q1yawMZAAAAAAA=")]
    public void Known_texts_have_the_known_hash(string text, string expected)
    {
        var hash = new QuickXorHash();
        hash.Append(Encoding.ASCII.GetBytes(text));
        Assert.Equal(expected, hash.ToString());
    }

    [Fact]
    public void A_kilobyte_of_all_bytes_has_the_known_hash()
    {
        var hash = new QuickXorHash();
        for (var i = 0; i < 4; i++)
            hash.Append(Enumerable.Range(0, 256).Select(value => (byte)value).ToArray());
        Assert.Equal("h7xr2dbCayZCQYR9KKhlwDuT4UI=", hash.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("no state")]
    public void What_is_no_state_of_a_hash_is_not_gone_on_with(string saved) => Assert.Throws<FormatException>(() => QuickXorHash.Restore(saved));

    [Theory]
    [InlineData(1)]
    [InlineData(159)]
    [InlineData(160)]
    [InlineData(161)]
    [InlineData(4_097)]
    [InlineData(1_000_003)]
    public void Pieces_of_any_size_give_what_the_bit_by_bit_definition_gives(int length)
    {
        var file = new SeededFile((ulong)length, length);
        var bytes = file.ToArray();
        var random = new Random(length);
        var hash = new QuickXorHash();
        for (var at = 0; at < length;)
        {
            var piece = Math.Min(random.Next(1, 1_000), length - at);
            hash.Append(bytes.AsSpan(at, piece));
            at += piece;
            if (random.Next(4) == 0)
                hash = QuickXorHash.Restore(hash.Save()); // another process goes on
        }
        Assert.Equal(file.QuickXorHash, hash.ToString());
        Assert.Equal(length, hash.Length);
    }
}
