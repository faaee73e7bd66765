using System.Numerics;
using System.Text;
using OrleansBackup.Vault.Recipes;

namespace OrleansBackup.Vault.Tests.Recipes;

public sealed class Crc32CTests
{
    [Fact]
    public void The_check_value_of_the_catalogue_comes_out() => Assert.Equal(0xE3069283, SumOf(Encoding.ASCII.GetBytes("123456789")));

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(3 * 1024 - 1)]
    [InlineData(3 * 1024)]
    [InlineData(3 * 1024 + 1)]
    [InlineData(2 * 3 * 1024 + 1024 + 5)]
    [InlineData(100_003)]
    public void Summed_in_stretches_side_by_side_it_is_the_sum_byte_by_byte(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        Assert.Equal(ByteByByte(bytes), SumOf(bytes));
    }

    [Fact]
    public void It_does_not_matter_in_which_pieces_the_bytes_come()
    {
        var (bytes, random) = (new byte[50_000], new Random(5));
        random.NextBytes(bytes);
        var sum = new Crc32C();
        for (int at = 0, count; at < bytes.Length; at += count)
        {
            count = Math.Min(random.Next(10_000), bytes.Length - at);
            sum.Add(bytes.AsSpan(at, count));
        }
        Assert.Equal(ByteByByte(bytes), sum.Value);
    }

    private static uint SumOf(byte[] bytes)
    {
        var sum = new Crc32C();
        sum.Add(bytes);
        return sum.Value;
    }

    private static uint ByteByByte(byte[] bytes) => ~bytes.Aggregate(uint.MaxValue, (state, one) => BitOperations.Crc32C(state, one));
}
