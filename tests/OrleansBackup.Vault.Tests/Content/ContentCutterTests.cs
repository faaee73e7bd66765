using OrleansBackup.Vault.Content;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests.Content;

public sealed class ContentCutterTests
{
    private const int Least = 512, Mean = 2048, Most = 8192;

    [Fact]
    public void Chunks_keep_to_their_bounds_and_gather_about_the_mean()
    {
        var lengths = Lengths(CutterOf(1), AVault.Bytes(1, 8_000_000, compressible: false));
        Assert.All(lengths.SkipLast(1), l => Assert.InRange(l, Least, Most));
        Assert.InRange(lengths.Average(), Mean * 0.8, Mean * 1.4);
        Assert.True(lengths.Count(l => l is > Mean / 2 and < 2 * Mean) > lengths.Count * 0.7, "few chunks are near the mean");
        Assert.True(lengths.Count(l => l == Most) < lengths.Count / 100, "many chunks are cut by force");
    }

    [Fact]
    public void What_has_no_place_to_be_cut_at_is_cut_where_it_must_be() =>
        Assert.All(Lengths(CutterOf(1), new byte[100_000]).SkipLast(1), l => Assert.InRange(l, Least, Most));

    [Theory]
    [InlineData(12, 0)]
    [InlineData(0, 12)]
    [InlineData(1, 1)]
    [InlineData(700, 300)]
    public void Cuts_move_only_near_a_change(int inserted, int removed)
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var before = AVault.Bytes(seed, 400_000, compressible: seed % 2 == 0);
            var at = new Random(seed).Next(before.Length - removed);
            byte[] after = [.. before[..at], .. AVault.Bytes(seed + 100, inserted, compressible: false), .. before[(at + removed)..]];
            var (one, other) = (Chunks(CutterOf(seed), before), Chunks(CutterOf(seed), after));
            Assert.InRange(one.Except(other).Count(), 0, 5);
        }
    }

    [Fact]
    public void Another_tenant_cuts_elsewhere()
    {
        // Where cuts are shows in the lengths of objects; known files must not be recognised by them.
        var content = AVault.Bytes(1, 400_000, compressible: false);
        Assert.NotEqual(Lengths(CutterOf(1), content), Lengths(CutterOf(2), content));
    }

    private static ContentCutter CutterOf(int tenant) => new(new TenantKeys("contoso", AVault.Bytes(tenant, 32)).CutTable, Least, Mean, Most);

    private static List<int> Lengths(ContentCutter cutter, byte[] content) => [.. Chunks(cutter, content).Select(c => c.Length)];

    private static List<string> Chunks(ContentCutter cutter, byte[] content)
    {
        var chunks = new List<string>();
        for (var at = 0; at < content.Length;)
        {
            var length = cutter.Cut(content.AsSpan(at));
            chunks.Add(System.Text.Encoding.Latin1.GetString(content, at, length));
            at += length;
        }
        return chunks;
    }
}
