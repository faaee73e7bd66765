using System.IO.Compression;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests;

/// <summary>A vault written by format version 1 opens in every later build.</summary>
/// <remarks>
/// Golden/vault-v1.bin is a zip of a whole small vault and its key file: keys, segments, bases, packs, chunks and a prune record,
/// in each of the three compressions. It stays for ever. Should version 1 have to change before it was ever released, run this test with
/// ORLEANSBACKUP_RENEW_GOLDEN set to the source folder Golden, and look at why it had to. A version 2 adds a file of its own.
/// </remarks>
public sealed class GoldenTests
{
    private static readonly (BlockCompression Compression, int Days)[] Runs =
        [(BlockCompression.Zstandard, 5), (BlockCompression.Brotli, 4), (BlockCompression.None, 2)];

    private static int LastDay => Runs.Sum(r => r.Days);

    [Fact]
    public async Task A_vault_of_version_1_is_read_as_it_was_written()
    {
        using var folder = new TemporaryFolder();
        if (Environment.GetEnvironmentVariable("ORLEANSBACKUP_RENEW_GOLDEN") is { Length: > 0 } renewed)
            await WriteAsync(Path.Combine(renewed, "vault-v1.bin"), folder);
        var (store, key) = await LoadAsync(Path.Combine(AppContext.BaseDirectory, "Golden", "vault-v1.bin"), folder);
        foreach (var part in new[] { "/keys", "/log/", "/base/", "/packs/", "/content/", "/prune/" })
            Assert.Contains(store.Objects.Keys, n => n.Value.Contains(part, StringComparison.Ordinal));
        var mailbox = await AVault.Existing(store, key: key).OpenAsync();
        if (!Zstandard.IsAvailable)
        {
            await Assert.ThrowsAsync<CodecMissingException>(() => mailbox.ListPointsAsync(default));
            return;
        }
        var points = await mailbox.ListPointsAsync(default);
        Assert.Equal(LastDay - 2, points.Length); // two were pruned
        for (var day = 3; day <= LastDay; day++)
            await AssertDayAsync(mailbox, points[day - 3], day);
        Assert.Empty((await mailbox.CheckAsync(CheckDepth.Full, null, default)).Findings);
    }

    private static async Task AssertDayAsync(ResourceVault mailbox, RestorePoint point, int day)
    {
        Assert.Equal(new Guid(day, 2, 3, [4, 5, 6, 7, 8, 9, 10, 11]), point.Run);
        Assert.Equal($"{day}", point.Details["day"]);
        await using var reader = await mailbox.OpenPointAsync(point.Sequence, default);
        Assert.Equal(day + 1, await reader.ItemsAsync(ItemFilter.All, default).CountAsync());
        for (var item = 0; item <= day; item++)
        {
            var found = (await reader.FindAsync($"item-{item}", default))!;
            Assert.Equal("half a pair: \ud83d", found.Name);
            Assert.Equal(TimeSpan.FromHours(1), found.Time!.Value.Offset);
            Assert.Equal(ContentOf(item), await reader.ReadAllAsync(found.Contents["mime"]));
            Assert.Equal(found.Contents["mime"], ContentReference.Parse(found.Contents["mime"].ToString()));
        }
    }

    private static byte[] ContentOf(int item) => AVault.Bytes(item, item == 4 ? 9000 : 50 * item);

    private static async Task<(MemoryBlobStore, KeyFile)> LoadAsync(string path, TemporaryFolder folder)
    {
        var store = new MemoryBlobStore();
        await using var archive = await ZipFile.OpenReadAsync(path);
        foreach (var entry in archive.Entries)
        {
            using var bytes = new MemoryStream();
            await using (var content = await entry.OpenAsync())
                await content.CopyToAsync(bytes);
            if (entry.FullName != "key")
                store.Replace(new(entry.FullName), bytes.ToArray());
            else
                WriteKey(folder.Of("golden-key"), bytes.ToArray());
        }
        return (store, KeyFile.Open(folder.Of("golden-key")));
    }

    private static void WriteKey(string path, byte[] bytes)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
        file.Write(bytes);
    }

    private static async Task WriteAsync(string path, TemporaryFolder folder)
    {
        var (store, key) = (new MemoryBlobStore(), KeyFile.Create(folder.Of("new-key")));
        var day = 0;
        foreach (var (compression, days) in Runs)
        {
            var vault = await AVault.OnAsync(store, AVault.SmallSizes with { Compression = compression }, key);
            for (var end = day + days; day < end;)
            {
                day++;
                await using var run = await vault.BeginAsync(new Guid(day, 2, 3, [4, 5, 6, 7, 8, 9, 10, 11]));
                for (var item = 0; item <= day; item++)
                    await run.UpsertAsync(AVault.Item($"item-{item}", "half a pair: \ud83d", contents: ("mime", await run.StoreAsync(ContentOf(item), default))), default);
                await run.SealAsync("end", AVault.NoDetails.Add("day", $"{day}"), default);
            }
            if (compression == BlockCompression.Brotli)
            {
                var mailbox = await vault.OpenAsync();
                await mailbox.PruneAsync((await mailbox.ListPointsAsync(default)).Skip(2).Select(p => p.Sequence).ToHashSet(), default);
            }
        }
        await using var archive = await ZipFile.OpenAsync(path, ZipArchiveMode.Create);
        foreach (var (name, bytes) in store.Objects.Append(new(new("key"), await File.ReadAllBytesAsync(folder.Of("new-key")))))
        {
            await using var entry = await archive.CreateEntry(name.Value, CompressionLevel.NoCompression).OpenAsync();
            await entry.WriteAsync(bytes);
        }
    }
}
