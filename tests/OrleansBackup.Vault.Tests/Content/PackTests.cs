using OrleansBackup.Vault.Content;
using OrleansBackup.Vault.Items;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests.Content;

public sealed class PackTests
{
    [Fact]
    public async Task A_cancelled_store_does_not_shift_what_is_stored_after_it()
    {
        var context = (await (await AVault.OnAsync(new MemoryBlobStore())).OpenAsync()).Context;
        using var underWay = new SemaphoreSlim(1);
        var name = PackName.New(1);
        var pack = new PackWriter(context.Files, context.Names, name, context.Options, underWay, new BlockBuffers(1024));
        var (first, second) = (AVault.Bytes(1, 1600), AVault.Bytes(2, 1600));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => // the block is full, and its wait is cancelled
            await pack.AddAsync(first, context.Files.Keys.NameOf(first), new CancellationToken(canceled: true)));
        var hash = context.Files.Keys.NameOf(second);
        var entry = await pack.AddAsync(second, hash, default);
        await pack.StoreAsync(default);
        var reader = new ContentReader(context.Files, context.Names, new BoundedCache(0));
        await using var stream = await reader.OpenAsync(ContentReference.InPack(name, entry, second.Length, hash), default);
        var read = new byte[second.Length];
        await stream.ReadExactlyAsync(read);
        Assert.Equal(second, read);
    }

    [Fact]
    public void Cuts_move_only_near_a_change()
    {
        var keys = new TenantKeys("contoso", new byte[32]);
        var cutter = new ContentCutter(keys.CutTable, 512, 1024, 4096);
        var before = AVault.Bytes(1, 100_000, compressible: false);
        byte[] after = [.. before[..30_000], .. "an insertion"u8, .. before[30_000..]];
        var (one, other) = (Chunks(cutter, before), Chunks(cutter, after));
        Assert.All(one.SkipLast(1), c => Assert.InRange(c.Length, 512, 4096));
        Assert.InRange(one.Except(other).Count(), 1, one.Count / 4);
    }

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
