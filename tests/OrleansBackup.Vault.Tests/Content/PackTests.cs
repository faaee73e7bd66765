using OrleansBackup.Vault.Content;
using OrleansBackup.Vault.Items;
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
}
