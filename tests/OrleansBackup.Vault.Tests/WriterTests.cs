using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests;

/// <summary>Two that both think they own a resource, and runs that follow each other.</summary>
public sealed class WriterTests
{
    [Fact]
    public async Task Of_two_writers_on_one_resource_one_wins_each_commit_and_nothing_is_mixed()
    {
        var vault = await AVault.OnAsync(new MemoryBlobStore());
        await using var one = await vault.BeginAsync();
        await using var other = await vault.BeginAsync();
        await one.PutAsync("from-one", AVault.Bytes(1, 100));
        await other.PutAsync("from-other", AVault.Bytes(2, 100));
        await other.CommitSegmentAsync("other", default);
        var taken = await Assert.ThrowsAsync<SegmentTakenException>(() => one.CommitSegmentAsync("one", default));
        Assert.EndsWith("log/0000000001", taken.Segment.Value, StringComparison.Ordinal);
        await Assert.ThrowsAsync<RunBrokenException>(() => one.SealAsync());
        var point = await other.SealAsync();
        await using var reader = await (await vault.OpenAsync()).OpenPointAsync(point.Sequence, default);
        Assert.Equal(["from-other"], await reader.ItemsAsync(ItemFilter.All, default).Select(i => i.Id).ToListAsync());
    }

    [Fact]
    public async Task A_point_holds_the_whole_state_not_only_what_its_run_changed()
    {
        var vault = await AVault.OnAsync(new MemoryBlobStore());
        for (var day = 0; day < 25; day++)
        {
            await using var run = await vault.BeginAsync();
            await run.PutAsync($"item-{day:d2}", AVault.Bytes(day, 200));
            await run.SealAsync();
        }
        var mailbox = await vault.OpenAsync();
        foreach (var (day, point) in (await mailbox.ListPointsAsync(default)).Index())
        {
            await using var reader = await mailbox.OpenPointAsync(point.Sequence, default);
            Assert.Equal(day + 1, await reader.ItemsAsync(ItemFilter.All, default).CountAsync());
            Assert.Equal(day + 1, point.ItemsByKind["message"]);
            Assert.Equal(AVault.Bytes(0, 200), await reader.ReadAllAsync((await reader.FindAsync("item-00", default))!.Contents["mime"]));
        }
    }

    [Fact]
    public async Task A_run_that_stopped_is_resumed_after_its_last_segment()
    {
        var vault = await AVault.OnAsync(new MemoryBlobStore());
        await using (var run = await vault.BeginAsync())
        {
            Assert.False(run.Resumed);
            Assert.Null(run.Checkpoint);
            await run.PutAsync("a", AVault.Bytes(1, 100));
            await run.PutAsync("b", AVault.Bytes(2, 100));
            await run.CommitSegmentAsync("page 1", default);
            await run.PutAsync("a", AVault.Bytes(3, 100));
            await run.RemoveAsync("b", default);
            await run.PutAsync("c", AVault.Bytes(4, 100));
            await run.CommitSegmentAsync("page 2", default);
            await run.PutAsync("lost", AVault.Bytes(5, 100));
        }
        Assert.Empty(await (await vault.OpenAsync()).ListPointsAsync(default));
        await using var next = await vault.BeginAsync();
        Assert.True(next.Resumed);
        Assert.Null(next.Previous);
        Assert.Equal("page 2", next.Checkpoint);
        Assert.Equal(["a", "c"], await next.UnsealedAsync(default).Select(i => i.Id).ToListAsync());
        Assert.Null(await next.FindAsync("lost", default));
        var point = await next.SealAsync();
        Assert.Equal(2, point.ItemsByKind["message"]);
        await using var after = await vault.BeginAsync();
        Assert.False(after.Resumed);
        Assert.Equal(point.Sequence, after.Previous!.Sequence);
    }

    [Fact]
    public async Task A_run_without_changes_stores_one_small_object()
    {
        var store = new MemoryBlobStore();
        var vault = await AVault.OnAsync(store);
        await using (var run = await vault.BeginAsync())
        {
            for (var i = 0; i < 50; i++)
                await run.PutAsync($"item-{i}", AVault.Bytes(i, 300));
            await run.SealAsync();
        }
        var before = store.Objects.Keys.ToHashSet();
        await using (var run = await vault.BeginAsync())
        {
            for (var i = 0; i < 50; i++)
                await run.PutAsync($"item-{i}", AVault.Bytes(i, 300)); // all of it known
            Assert.Equal(0, run.PendingChanges);
            await run.SealAsync();
        }
        var added = Assert.Single(store.Objects.Keys.Except(before));
        Assert.InRange(store.Objects[added].Length, 1, 400);
    }

    [Fact]
    public async Task Content_known_to_the_resource_is_stored_once()
    {
        var store = new MemoryBlobStore();
        var vault = await AVault.OnAsync(store, AVault.SmallSizes with { SegmentsBeforeBase = 2 });
        for (var day = 0; day < 12; day++)
        {
            await using var run = await vault.BeginAsync();
            await run.PutAsync($"small-{day}", AVault.Bytes(7, 1900, compressible: false));
            await run.PutAsync($"large-{day}", AVault.Bytes(8, 9000, compressible: false));
            await run.SealAsync();
        }
        Assert.Single(store.Objects.Keys, n => n.Value.Contains("/packs/", StringComparison.Ordinal));
        Assert.Equal(9000, store.Objects.Where(o => o.Key.Value.Contains("/content/", StringComparison.Ordinal)).Sum(o => o.Value.Length - 57));
    }

    [Fact]
    public async Task Many_may_store_at_once_while_segments_are_committed()
    {
        var vault = await AVault.OnAsync(new MemoryBlobStore());
        await using var run = await vault.BeginAsync();
        var stores = Enumerable.Range(0, 300).Select(i => Task.Run(async () =>
            (Id: i, Content: await run.StoreAsync(new MemoryStream(AVault.Bytes(i, 20 + i * 13 % 4000)), default)))).ToArray();
        foreach (var store in stores)
        {
            var (id, content) = await store;
            await run.UpsertAsync(AVault.Item($"item-{id}", contents: ("mime", content)), default);
            if (id % 40 == 39)
                await run.CommitSegmentAsync($"{id}", default);
        }
        var point = await run.SealAsync();
        var mailbox = await vault.OpenAsync();
        await using var reader = await mailbox.OpenPointAsync(point.Sequence, default);
        for (var i = 0; i < 300; i++)
            Assert.Equal(AVault.Bytes(i, 20 + i * 13 % 4000), await reader.ReadAllAsync((await reader.FindAsync($"item-{i}", default))!.Contents["mime"]));
        Assert.Empty((await mailbox.CheckAsync(CheckDepth.Full, null, default)).Findings);
    }

    [Fact]
    public async Task What_is_stored_while_a_segment_is_committed_may_be_named_right_after()
    {
        var waiting = new WaitingBlobStore(new MemoryBlobStore(), name => name.Value.Contains("/log/", StringComparison.Ordinal));
        var vault = await AVault.OnAsync(waiting);
        await using var run = await vault.BeginAsync();
        await run.PutAsync("first", AVault.Bytes(1, 300));
        var commit = run.CommitSegmentAsync("first", default);
        await waiting.Reached;
        var large = await run.StoreAsync(AVault.Bytes(2, 12_000, compressible: false), default); // its list of chunks goes to a pack that is not complete
        waiting.GoOn();
        await commit;
        await run.UpsertAsync(AVault.Item("second", contents: ("mime", large)), default);
        var point = await run.SealAsync();
        await using var reader = await (await vault.OpenAsync()).OpenPointAsync(point.Sequence, default);
        Assert.Equal(AVault.Bytes(2, 12_000, compressible: false), await reader.ReadAllAsync((await reader.FindAsync("second", default))!.Contents["mime"]));
    }

    [Fact]
    public async Task What_a_commit_made_durable_is_no_longer_held_in_memory_but_read_when_it_is_named_again()
    {
        var counting = new CountingBlobStore(new MemoryBlobStore());
        await using var run = await (await AVault.OnAsync(counting)).BeginAsync();
        var large = await run.PutAsync("first", AVault.Bytes(2, 12_000, compressible: false)); // its list of chunks is in a pack
        await run.CommitSegmentAsync("first", default);
        Assert.Equal(0, counting.Reads("/packs/"));
        await run.UpsertAsync(AVault.Item("second", contents: ("mime", large)), default);
        Assert.True(counting.Reads("/packs/") > 0, "a run of a month would remember every file it stored");
        await run.SealAsync();
    }

    [Fact]
    public async Task Listing_a_folder_or_a_kind_gives_what_a_walk_over_everything_gives()
    {
        var vault = await AVault.OnAsync(new MemoryBlobStore());
        var random = new Random(5);
        for (var day = 0; day < 15; day++)
        {
            await using var run = await vault.BeginAsync();
            for (var i = 0; i < 20; i++)
            {
                var id = $"item-{random.Next(80):d2}"; // moves between folders, and from kind to kind
                if (random.Next(5) == 0)
                    await run.RemoveAsync(id, default);
                else
                    await run.UpsertAsync(AVault.Item(id, $"{day}", random.Next(4) == 0 ? "event" : "message", random.Next(6) is > 0 and var f ? $"folder-{f}" : null), default);
            }
            await AssertListsAsync(filter => run.ItemsAsync(filter, default));
            var point = await run.SealAsync();
            await using var reader = await (await vault.OpenAsync()).OpenPointAsync(point.Sequence, default);
            await AssertListsAsync(filter => reader.ItemsAsync(filter, default));
        }
    }

    private static async Task AssertListsAsync(Func<ItemFilter, IAsyncEnumerable<ItemVersion>> list)
    {
        var all = await list(ItemFilter.All).ToListAsync();
        foreach (var kind in new[] { null, "message", "event", "none" })
            foreach (var parent in new[] { null, "folder-1", "folder-3", "folder-9" })
                Assert.Equal(all.Where(i => (kind is null || i.Kind == kind) && (parent is null || i.ParentId == parent)), await list(new(kind, parent)).ToListAsync());
    }
}
