using System.Text;
using OrleansBackup.Vault.Keys;
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
    public async Task It_reads_recipes_editions_of_packs_spares_and_chunks_written_again_under_a_rotated_key()
    {
        using var folder = new TemporaryFolder();
        var (store, nextKey) = (new MemoryBlobStore(), KeyFile.Create(folder.Of("next")));
        var vault = await AVault.OnAsync(store, AVault.SmallSizes with { TargetPackBytes = 1 << 20, GracePeriod = TimeSpan.Zero });
        var mails = Enumerable.Range(0, 24).ToDictionary(i => $"mail-{i:d2}", MailOf);
        await RunAsync(vault, mails.Select(m => (m.Key, (byte[]?)m.Value)));
        await RunAsync(vault, mails.Keys.Skip(8).Select(id => (id, (byte[]?)null)));
        var old = (await (await vault.OpenAsync()).ListPointsAsync(default))[0].Sequence;
        Assert.True((await (await vault.OpenAsync()).PruneAsync([old], default)).PacksRewritten > 0);

        // One content of the edition is damaged and stored again beside it; the chunks are damaged and written again as editions.
        foreach (var (name, bytes) in store.Objects.Where(o => o.Key.Value.Contains("/repacked/", StringComparison.Ordinal) || o.Key.Value.Contains("/content/", StringComparison.Ordinal)))
        {
            var at = Math.Min(60, bytes.Length - 1); // where chunks end depends on the key, so one can be a few bytes
            store.Replace(name, [.. bytes[..at], (byte)(bytes[at] ^ 1), .. bytes[(at + 1)..]]);
        }
        var damage = (await (await vault.OpenAsync()).ScrubAsync(null, 1, default)).Damage;
        await using (var run = await vault.BeginAsync())
        {
            run.Distrust(damage.SelectMany(d => d.Contents));
            foreach (var mail in mails.Take(8))
                await run.StoreMailAsync(new MemoryStream(mail.Value), default);
            await run.SealAsync();
        }
        await (await vault.OpenAsync()).PruneAsync([], default);
        await vault.Repository.RotateKeyAsync("contoso", nextKey, default);
        foreach (var kind in new[] { "/repacked/", "/spares/", "/rescued/", "/key-copies/" })
            Assert.Contains(store.Objects.Keys, n => n.Value.Contains(kind, StringComparison.Ordinal));

        var read = new IndependentVault(store.Objects.ToDictionary(o => o.Key.Value, o => o.Value), await File.ReadAllTextAsync(folder.Of("next"))).Open("contoso", "mailbox-1");
        var items = read.Items(read.Points[^1].Sequence);
        Assert.Equal(mails.Keys.Take(8), items.Keys);
        Assert.All(items, item => Assert.Equal(mails[item.Key], read.Content(item.Value.Contents["mime"])));
        Assert.Contains(items.Values, item => item.Contents["mime"] is ReadReference.Recipe { Parts: [{ Content: ReadReference.Chunks { List.Count: > 0 } }] });
        Assert.Contains(items.Values, item => item.Contents["mime"] is ReadReference.Recipe { Parts: [{ Content: ReadReference.InPack }] });
        Assert.Empty(read.Garbage());
    }

    /// <summary>Mail with an attachment, small or large, as base64 text.</summary>
    private static byte[] MailOf(int number) => Encoding.ASCII.GetBytes(
        $"Subject: mail {number}\r\n\r\n{Encoding.ASCII.GetString(AVault.Bytes(number, 300))}\r\n\r\n"
        + Convert.ToBase64String(AVault.Bytes(number, number % 2 == 0 ? 1500 : 4000, compressible: false), Base64FormattingOptions.InsertLineBreaks) + "\r\n--end--\r\n");

    private static async Task RunAsync(AVault vault, IEnumerable<(string Id, byte[]? Mail)> changes)
    {
        await using var run = await vault.BeginAsync();
        foreach (var (id, mail) in changes)
            if (mail is null)
                await run.RemoveAsync(id, default);
            else
                await run.UpsertAsync(AVault.Item(id, contents: ("mime", await run.StoreMailAsync(new MemoryStream(mail), default))), default);
        await run.SealAsync();
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
