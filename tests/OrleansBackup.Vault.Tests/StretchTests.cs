using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests;

/// <summary>Content that comes in stretches is, joined, as if it had come at once.</summary>
public sealed class StretchTests
{
    [Theory]
    [InlineData(false)] // the lists of the stretches are in packs that are not complete
    [InlineData(true)]
    public async Task Joined_stretches_are_the_content_whatever_their_lengths(bool withCommits)
    {
        var vault = await AVault.OnAsync(new MemoryBlobStore());
        await using var run = await vault.BeginAsync();
        var expected = new List<byte>();
        var stretches = new List<ContentReference>();
        // Nothing, less than small content, few chunks, many, and so many that their list is chunked itself.
        foreach (var length in new[] { 0, 1, 300, 3_000, 20_000, 120_000, 7 })
        {
            var bytes = AVault.Bytes(length, length, compressible: false);
            expected.AddRange(bytes);
            stretches.Add(await run.StoreStretchAsync(new MemoryStream(bytes), default));
            Assert.Equal(length, stretches[^1].Length);
            if (!withCommits)
                continue;
            await run.UpsertAsync(AVault.Item("half", contents: [.. stretches.Select((s, i) => ($"{i}", s))]), default);
            await run.CommitSegmentAsync("", default);
        }
        await run.UpsertAsync(AVault.Item("whole", contents: ("content", await run.JoinAsync(stretches, default))), default);
        await run.RemoveAsync("half", default);
        var point = await run.SealAsync();
        await using var reader = await (await vault.OpenAsync()).OpenPointAsync(point.Sequence, default);
        Assert.Equal(expected, await reader.ReadAllAsync((await reader.FindAsync("whole", default))!.Contents["content"]));
        Assert.Null(await reader.FindAsync("half", default));
        Assert.Empty((await (await vault.OpenAsync()).CheckAsync(CheckDepth.Full, null, default)).Findings);
    }

    [Fact]
    public async Task A_run_that_resumes_joins_what_an_earlier_one_committed_and_stores_none_of_it_again()
    {
        var store = new MemoryBlobStore();
        var vault = await AVault.OnAsync(store);
        var bytes = AVault.Bytes(1, 60_000, compressible: false);
        await using (var killed = await vault.BeginAsync())
        {
            var first = await killed.StoreStretchAsync(new MemoryStream(bytes[..40_000]), default);
            await killed.UpsertAsync(AVault.Item("half", contents: ("0", first)), default);
            await killed.CommitSegmentAsync("", default);
            await killed.StoreStretchAsync(new MemoryStream(bytes[40_000..50_000]), default);
        }
        await using var run = await vault.BeginAsync();
        var kept = (await run.FindAsync("half", default))!.Contents["0"];
        Assert.True(await run.HoldsAsync(kept, default));
        var rest = await run.StoreStretchAsync(new MemoryStream(bytes[40_000..]), default);
        var chunks = store.Objects.Keys.Count(IsChunk);
        await run.UpsertAsync(AVault.Item("whole", contents: ("content", await run.JoinAsync([kept, rest], default))), default);
        await run.RemoveAsync("half", default);
        var point = await run.SealAsync();
        Assert.Equal(chunks, store.Objects.Keys.Count(IsChunk));
        await using var reader = await (await vault.OpenAsync()).OpenPointAsync(point.Sequence, default);
        Assert.Equal(bytes, await reader.ReadAllAsync((await reader.FindAsync("whole", default))!.Contents["content"]));
    }

    [Fact]
    public async Task No_sweep_takes_the_stretches_of_a_run_that_was_killed()
    {
        var vault = await AVault.OnAsync(new MemoryBlobStore());
        var bytes = AVault.Bytes(1, 40_000, compressible: false);
        await using (var killed = await vault.BeginAsync())
        {
            var first = await killed.StoreStretchAsync(new MemoryStream(bytes), default);
            await killed.UpsertAsync(AVault.Item("half", contents: ("0", first)), default);
            await killed.CommitSegmentAsync("", default);
        }
        for (var week = 0; week < 3; week++)
        {
            Assert.Equal(0, (await vault.Repository.SweepAsync(AVault.Mailbox.Tenant, default)).ChunksCondemned);
            vault.Clock.Advance(TimeSpan.FromDays(7));
        }
        await using var run = await vault.BeginAsync();
        var kept = (await run.FindAsync("half", default))!.Contents["0"];
        Assert.True(await run.HoldsAsync(kept, default));
        await run.UpsertAsync(AVault.Item("whole", contents: ("content", await run.JoinAsync([kept], default))), default);
        var point = await run.SealAsync();
        await using var reader = await (await vault.OpenAsync()).OpenPointAsync(point.Sequence, default);
        Assert.Equal(bytes, await reader.ReadAllAsync((await reader.FindAsync("whole", default))!.Contents["content"]));
    }

    [Fact]
    public async Task A_stretch_of_which_a_chunk_or_the_list_is_gone_is_not_held()
    {
        foreach (var kind in new[] { "/content/", "/packs/" })
        {
            var store = new MemoryBlobStore();
            var vault = await AVault.OnAsync(store);
            ContentReference stretch;
            await using (var killed = await vault.BeginAsync())
            {
                stretch = await killed.StoreStretchAsync(new MemoryStream(AVault.Bytes(1, 40_000, compressible: false)), default);
                await killed.UpsertAsync(AVault.Item("half", contents: ("0", stretch)), default);
                await killed.CommitSegmentAsync("", default);
            }
            store.Remove(store.Objects.Keys.First(name => name.Value.Contains(kind, StringComparison.Ordinal)));
            await using var run = await vault.BeginAsync();
            Assert.False(await run.HoldsAsync(stretch, default));
        }
    }

    [Fact]
    public async Task What_is_no_stretch_is_not_joined()
    {
        await using var run = await (await AVault.OnAsync(new MemoryBlobStore())).BeginAsync();
        var small = await run.StoreAsync(AVault.Bytes(1, 100), default);
        await Assert.ThrowsAsync<ArgumentException>(async () => await run.JoinAsync([small], default));
    }

    private static bool IsChunk(BlobName name) => name.Value.Contains("/content/", StringComparison.Ordinal);
}
