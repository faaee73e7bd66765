using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests.IndependentReader;

/// <summary>The format page is enough: a reader written from it alone reads what the product reads.</summary>
public sealed class IndependentReaderTests
{
    [Fact]
    public async Task It_reads_the_same_tenants_resources_points_items_and_bytes_as_the_product()
    {
        var store = new MemoryBlobStore();
        var vault = await AVault.OnAsync(store);
        for (var day = 1; day <= 6; day++)
        {
            await ALife.RunAsync(vault, day);
            if (day == 4)
                await (await vault.OpenAsync()).PruneAsync(new HashSet<long>(), default);
        }
        var independent = IndependentReading.Of(store);
        Assert.Equal(["contoso"], independent.Tenants);
        Assert.Equal(["mailbox-1"], independent.Resources("contoso"));

        var (read, mailbox) = (independent.Open("contoso", "mailbox-1"), await vault.OpenAsync());
        var points = await mailbox.ListPointsAsync(default);
        Assert.Equal(3, points.Length);
        Assert.Equal(points.Select(p => (p.Sequence, p.Run, p.SealedAt, p.LogicalBytes)), read.Points.Select(p => ((long)p.Sequence, p.Run, p.Sealed, p.Bytes)));
        foreach (var point in points)
        {
            await using var reader = await mailbox.OpenPointAsync(point.Sequence, default);
            var (items, other) = (await reader.ItemsAsync(ItemFilter.All, default).ToListAsync(), read.Items((ulong)point.Sequence));
            Assert.Equal(items.Select(i => (i.Id, i.ParentId, i.Kind, i.Name, i.Size, i.Time)), other.Values.Select(i => (i.Id, i.Parent, i.Kind, i.Name, i.Size, i.Time)));
            foreach (var item in items)
            {
                Assert.Equal(item.Properties, other[item.Id].Properties);
                foreach (var (role, content) in item.Contents)
                    Assert.Equal(await reader.ReadAllAsync(content), read.Content(other[item.Id].Contents[role]));
            }
        }
        await mailbox.PruneAsync(points.Select(p => p.Sequence).ToHashSet(), default);
        Assert.Empty(IndependentReading.Of(store).Open("contoso", "mailbox-1").Garbage());
    }

    [Fact]
    public async Task It_reads_a_folder_store()
    {
        using var folder = new TemporaryFolder();
        var vault = await AVault.OnAsync(new FolderBlobStore(folder.Path));
        await ALife.RunAsync(vault, day: 1);
        ALife.AssertDay(IndependentVault.OfFolder(folder.Path, AVault.KeyText).Open("contoso", "mailbox-1"), point: 0, day: 1);
    }

    [Fact]
    public async Task It_refuses_what_was_changed()
    {
        var store = new MemoryBlobStore();
        var vault = await AVault.OnAsync(store);
        await ALife.RunAsync(vault, day: 1);
        foreach (var (name, bytes) in store.Objects)
        {
            var damaged = store.Copy();
            damaged.Replace(name, [.. bytes[..^9], (byte)(bytes[^9] ^ 1), .. bytes[^8..]]);
            Assert.ThrowsAny<Exception>(() => ALife.AssertDay(IndependentReading.Of(damaged).Open("contoso", "mailbox-1"), point: 0, day: 1));
        }
    }
}
