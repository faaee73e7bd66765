using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests;

/// <summary>What one run may rely on: what goes in comes out, and only what was committed.</summary>
public sealed class RunTests
{
    [Fact]
    public async Task What_a_run_sealed_is_read_back_as_it_was()
    {
        using var folder = new TemporaryFolder();
        var vault = await AVault.OnAsync(new FolderBlobStore(folder.Of("vault")));
        var sizes = new[] { 0, 1, 100, 1999, 2000, 2001, 5000, 40_000, 200_000 };
        await using (var run = await vault.BeginAsync())
        {
            foreach (var size in sizes)
                await run.PutAsync($"item-{size}", AVault.Bytes(size, size, compressible: size % 2 == 0));
            await run.SealAsync();
        }
        var mailbox = await vault.OpenAsync();
        var point = Assert.Single(await mailbox.ListPointsAsync(default));
        Assert.Equal(sizes.Length, point.ItemsByKind["message"]);
        Assert.Equal(sizes.Sum(), point.LogicalBytes);
        await using var reader = await mailbox.OpenPointAsync(point.Sequence, default);
        foreach (var size in sizes)
        {
            var item = await reader.FindAsync($"item-{size}", default);
            Assert.Equal(AVault.Bytes(size, size, compressible: size % 2 == 0), await reader.ReadAllAsync(item!.Contents["mime"]));
        }
        Assert.Null(await reader.FindAsync("item-7", default));
        Assert.Equal(sizes.Select(s => $"item-{s}").Order(StringComparer.Ordinal), await reader.ItemsAsync(ItemFilter.All, default).Select(i => i.Id).ToListAsync());
    }
}
