using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests;

/// <summary>Removal: what must go goes for good, and never what somebody can still see.</summary>
public sealed class PruneTests
{
    private readonly MemoryBlobStore _store = new();

    [Fact]
    public async Task Content_that_only_removed_points_held_is_really_deleted()
    {
        var vault = await AVault.OnAsync(_store, AVault.SmallSizes with { GracePeriod = TimeSpan.Zero });
        var alone = await AVault.OnAsync(new MemoryBlobStore(), AVault.SmallSizes with { GracePeriod = TimeSpan.Zero });
        for (var day = 1; day <= 30; day++)
        {
            await RunAsync(vault, day);
            if (day is 10 or 30)
                await RunAsync(alone, day);
        }
        var mailbox = await vault.OpenAsync();
        var points = await mailbox.ListPointsAsync(default);
        var result = await mailbox.PruneAsync(new HashSet<long> { points[9].Sequence }, default);
        Assert.Equal((28, 2), (result.PointsRemoved, result.PointsKept));
        Assert.Equal(result.ObjectsCondemned, result.ObjectsDeleted);
        await AssertDayAsync(vault, points[9].Sequence, 10);
        await AssertDayAsync(vault, points[29].Sequence, 30);
        Assert.Equal([points[9].Sequence, points[29].Sequence], (await mailbox.ListPointsAsync(default)).Select(p => p.Sequence));
        // No more packs than a vault that never held the days between; each of those days had a pack of its own.
        Assert.Equal(PacksIn((MemoryBlobStore)alone.Store), PacksIn(_store));
        Assert.Empty((await mailbox.CheckAsync(CheckDepth.Full, null, default)).Findings);
    }

    [Fact]
    public async Task A_reader_of_a_removed_point_reads_on_for_the_grace_period()
    {
        var vault = await AVault.OnAsync(_store);
        for (var day = 1; day <= 12; day++)
            await RunAsync(vault, day);
        var mailbox = await vault.OpenAsync();
        var points = await mailbox.ListPointsAsync(default);
        await using var reader = await mailbox.OpenPointAsync(points[0].Sequence, default);
        var keep = points.Skip(6).Select(p => p.Sequence).ToHashSet();
        var first = await mailbox.PruneAsync(keep, default);
        Assert.Equal((6, 0), (first.PointsRemoved, first.ObjectsDeleted));
        await Assert.ThrowsAsync<RestorePointNotFoundException>(() => mailbox.OpenPointAsync(points[0].Sequence, default));
        vault.Clock.Advance(TimeSpan.FromDays(6));
        Assert.Equal(0, (await mailbox.PruneAsync(keep, default)).ObjectsDeleted);
        Assert.Equal(AVault.Bytes(100, 400), await reader.ReadAllAsync((await reader.FindAsync("day", default))!.Contents["mime"]));
        vault.Clock.Advance(TimeSpan.FromDays(1));
        var later = await mailbox.PruneAsync(keep, default);
        Assert.Equal((0, first.ObjectsCondemned, first.BytesCondemned), (later.PointsRemoved, later.ObjectsDeleted, later.BytesDeleted));
        await AssertDayAsync(vault, points[6].Sequence, 7);
        Assert.True((await mailbox.CheckAsync(CheckDepth.Full, null, default)).IsSound);
    }

    [Fact]
    public async Task What_bases_have_taken_the_place_of_goes_although_no_point_does()
    {
        var vault = await AVault.OnAsync(_store, AVault.SmallSizes with { GracePeriod = TimeSpan.Zero });
        await using (var run = await vault.BeginAsync())
        {
            for (var i = 0; i < 100; i++)
            {
                await run.PutAsync($"item-{i:d3}", AVault.Bytes(i, 100));
                await run.CommitSegmentAsync($"{i}", default);
            }
            await run.SealAsync();
        }
        var mailbox = await vault.OpenAsync();
        var point = Assert.Single(await mailbox.ListPointsAsync(default)).Sequence;
        for (var again = 0; again < 3; again++) // the second and third find nothing more, and nothing missing
        {
            var result = await mailbox.PruneAsync(new HashSet<long>(), default);
            Assert.Equal((0, 1, again == 0), (result.PointsRemoved, result.PointsKept, result.ObjectsDeleted > 90));
            await using var reader = await (await vault.OpenAsync()).OpenPointAsync(point, default);
            Assert.Equal(100, await reader.ItemsAsync(ItemFilter.All, default).CountAsync());
            Assert.Equal(AVault.Bytes(7, 100), await reader.ReadAllAsync((await reader.FindAsync("item-007", default))!.Contents["mime"]));
        }
        Assert.Empty((await mailbox.CheckAsync(CheckDepth.Full, null, default)).Findings);
        await RunAsync(vault, 2);
    }

    [Fact]
    public async Task The_newest_point_stays_whatever_is_asked()
    {
        var vault = await AVault.OnAsync(_store, AVault.SmallSizes with { GracePeriod = TimeSpan.Zero });
        for (var day = 1; day <= 3; day++)
            await RunAsync(vault, day);
        var mailbox = await vault.OpenAsync();
        await mailbox.PruneAsync(new HashSet<long>(), default);
        await mailbox.PruneAsync(new HashSet<long>(), default);
        await AssertDayAsync(vault, Assert.Single(await mailbox.ListPointsAsync(default)).Sequence, 3);
        await RunAsync(vault, 4);
        await AssertDayAsync(vault, (await mailbox.ListPointsAsync(default))[^1].Sequence, 4);
    }

    [Fact]
    public async Task A_prune_beside_a_run_takes_nothing_that_the_run_names()
    {
        // Without grace, so that everything needless goes at once. No bases, so that the run has what it reads in memory.
        var vault = await AVault.OnAsync(_store, AVault.SmallSizes with { GracePeriod = TimeSpan.Zero, SegmentsBeforeBase = 1000 });
        for (var day = 1; day <= 5; day++)
            await RunAsync(vault, day);
        await using var run = await vault.BeginAsync();
        var mailbox = await vault.OpenAsync();
        for (var i = 0; i < 40; i++)
        {
            await run.PutAsync($"new-{i}", AVault.Bytes(5000 + i, 500, compressible: false)); // packs that no segment names yet
            if (i == 10)
                await run.CommitSegmentAsync("some", default);
            if (i % 7 == 0)
                await mailbox.PruneAsync(new HashSet<long>(), default);
        }
        var point = await run.SealAsync();
        await mailbox.PruneAsync(new HashSet<long>(), default);
        await using var reader = await mailbox.OpenPointAsync(point.Sequence, default);
        for (var i = 0; i < 40; i++)
            Assert.Equal(AVault.Bytes(5000 + i, 500, compressible: false), await reader.ReadAllAsync((await reader.FindAsync($"new-{i}", default))!.Contents["mime"]));
        Assert.Empty((await mailbox.CheckAsync(CheckDepth.Full, null, default)).Findings);
    }

    [Fact]
    public async Task A_run_never_refers_to_content_that_only_removed_points_name()
    {
        var vault = await AVault.OnAsync(_store, AVault.SmallSizes with { GracePeriod = TimeSpan.Zero });
        var content = AVault.Bytes(77, 900, compressible: false);
        await using (var run = await vault.BeginAsync())
        {
            await run.PutAsync("once", content);
            await run.SealAsync();
        }
        await using (var run = await vault.BeginAsync())
        {
            await run.RemoveAsync("once", default);
            await run.SealAsync();
        }
        // This writer's layers still hold the old item; the content is going while it works.
        await using var late = await vault.BeginAsync();
        var mailbox = await vault.OpenAsync();
        await mailbox.PruneAsync(new HashSet<long>(), default);
        await late.PutAsync("again", content);
        var point = await late.SealAsync();
        await using var reader = await mailbox.OpenPointAsync(point.Sequence, default);
        Assert.Equal(content, await reader.ReadAllAsync((await reader.FindAsync("again", default))!.Contents["mime"]));
    }

    [Fact]
    public async Task Packs_of_a_run_that_died_stay_until_their_writer_can_no_longer_commit()
    {
        var vault = await AVault.OnAsync(_store, AVault.SmallSizes with { GracePeriod = TimeSpan.Zero });
        await RunAsync(vault, 1);
        await using (var dead = await vault.BeginAsync())
            for (var i = 0; i < 30; i++)
                await dead.PutAsync($"lost-{i}", AVault.Bytes(9000 + i, 500, compressible: false));
        var mailbox = await vault.OpenAsync();
        var leftovers = (await mailbox.CheckAsync(CheckDepth.Full, null, default)).Findings;
        Assert.NotEmpty(leftovers);
        Assert.All(leftovers, f => Assert.Equal(CheckFindingKind.Leftover, f.Kind));
        Assert.Equal(0, (await mailbox.PruneAsync(new HashSet<long>(), default)).ObjectsDeleted);
        await RunAsync(vault, 2);
        Assert.True((await mailbox.PruneAsync(new HashSet<long>(), default)).ObjectsDeleted >= leftovers.Length);
        Assert.Empty((await mailbox.CheckAsync(CheckDepth.Full, null, default)).Findings);
    }

    [Fact]
    public async Task A_damaged_prune_record_is_found_and_its_copy_keeps_pruned_points_away()
    {
        var (vault, points, names) = await PrunedAsync();
        foreach (var name in names)
        {
            var bytes = _store.Objects[name];
            for (var at = 0; at < bytes.Length; at++)
            {
                var damaged = bytes.ToArray();
                damaged[at] ^= 0x20;
                _store.Replace(name, damaged);
                var mailbox = await vault.OpenAsync();
                Assert.Equal(name, Assert.Single((await mailbox.CheckAsync(CheckDepth.Full, null, default)).Findings, f => f.Kind == CheckFindingKind.Damaged).Name);
                Assert.Equal(points.Skip(2).Select(p => p.Sequence), (await mailbox.ListPointsAsync(default)).Select(p => p.Sequence));
                await Assert.ThrowsAsync<RestorePointNotFoundException>(() => mailbox.OpenPointAsync(points[0].Sequence, default));
            }
            _store.Replace(name, bytes);
        }
        await AssertDayAsync(vault, points[2].Sequence, 3);
    }

    [Fact]
    public async Task A_record_whose_copy_was_never_written_gets_one_from_the_next_prune()
    {
        var (vault, points, names) = await PrunedAsync();
        var copy = Assert.Single(names, n => n.Value.EndsWith("-copy", StringComparison.Ordinal));
        _store.Remove(copy); // the prune ended between the two
        await (await vault.OpenAsync()).PruneAsync([], default);
        Assert.Contains(copy, _store.Objects.Keys);
        foreach (var record in names.Where(n => n != copy))
            _store.Replace(record, [1, 2, 3]);
        Assert.Equal(points.Skip(2).Select(p => p.Sequence), (await (await vault.OpenAsync()).ListPointsAsync(default)).Select(p => p.Sequence));
        await (await vault.OpenAsync()).PruneAsync([], default);
    }

    [Fact]
    public async Task A_damaged_object_that_an_old_point_needs_stops_no_prune_from_deleting_what_was_condemned_before()
    {
        var vault = await AVault.OnAsync(_store, AVault.SmallSizes with { GracePeriod = TimeSpan.FromDays(1), MergeAfter = TimeSpan.Zero, SegmentsBeforeBase = 2 });
        for (var day = 1; day <= 8; day++)
            await RunAsync(vault, day);
        var points = await (await vault.OpenAsync()).ListPointsAsync(default);
        var condemned = await (await vault.OpenAsync()).PruneAsync([.. points.Skip(2).SkipLast(1).Select(p => p.Sequence)], default);
        Assert.True(condemned.ObjectsCondemned > 0);
        var tried = _store.Copy();
        vault.Clock.Advance(TimeSpan.FromDays(2));
        await (await vault.Through(tried).OpenAsync()).PruneAsync([], default); // what it leaves of the beginning is what the first points need
        var needed = tried.Objects.Keys.Where(n => n.Value.Contains("/log/", StringComparison.Ordinal) || n.Value.EndsWith("/index", StringComparison.Ordinal))
            .MinBy(n => n.Value[(n.Value.IndexOf("/log/", StringComparison.Ordinal) is >= 0 and var log ? log + 5 : n.Value.IndexOf("/base/", StringComparison.Ordinal) + 6)..], StringComparer.Ordinal);
        var (whole, before) = (_store.Objects[needed], _store.Objects.Keys.ToArray());
        _store.Replace(needed, [1, 2, 3]);
        for (var day = 9; day <= 14; day++)
            await RunAsync(vault, day);
        var later = (await (await vault.OpenAsync()).ListPointsAsync(default)).Where(p => p.Sequence > points[1].Sequence).SkipLast(1).Select(p => p.Sequence);
        Assert.Equal(needed, (await Assert.ThrowsAsync<DamagedObjectException>(async () => await (await vault.OpenAsync()).PruneAsync([.. later], default))).Name);
        Assert.True(before.Count(n => !_store.Objects.ContainsKey(n)) >= condemned.ObjectsCondemned, "what was condemned is still there");
        _store.Replace(needed, whole);
        await AssertDayAsync(vault, points[0].Sequence, 1);
        Assert.True((await (await vault.OpenAsync()).CheckAsync(CheckDepth.Full, null, default)).IsSound);
    }

    [Fact]
    public async Task A_prune_record_damaged_with_its_copy_stops_prunes_and_hides_no_point()
    {
        var (vault, points, names) = await PrunedAsync();
        foreach (var name in names)
            _store.Replace(name, [1, 2, 3]);
        var mailbox = await vault.OpenAsync();
        Assert.Equal(2, (await mailbox.CheckAsync(CheckDepth.Full, null, default)).Findings.Count(f => f.Kind == CheckFindingKind.Damaged));
        await Assert.ThrowsAsync<DamagedObjectException>(() => mailbox.PruneAsync([points[2].Sequence], default));
        await AssertDayAsync(vault, points[2].Sequence, 3);
        await AssertDayAsync(vault, points[3].Sequence, 4);
    }

    [Fact]
    public async Task A_point_that_was_sealed_after_the_decision_stays()
    {
        var vault = await AVault.OnAsync(_store, AVault.SmallSizes with { GracePeriod = TimeSpan.Zero });
        await RunAsync(vault, 1);
        await RunAsync(vault, 2);
        var mailbox = await vault.OpenAsync();
        var decided = (await mailbox.ListPointsAsync(default)).Select(p => p.Sequence).Take(1);
        await RunAsync(vault, 3);
        await RunAsync(vault, 4);
        Assert.Equal((1, 3), await mailbox.PruneAsync([.. decided], default) is var result ? (result.PointsRemoved, result.PointsKept) : default);
        var points = await mailbox.ListPointsAsync(default);
        for (var day = 2; day <= 4; day++)
            await AssertDayAsync(vault, points[day - 2].Sequence, day);
    }

    [Fact]
    public async Task A_prune_that_finds_nothing_to_do_reads_neither_the_segments_nor_the_item_tables()
    {
        var vault = await AVault.OnAsync(_store, AVault.SmallSizes with { GracePeriod = TimeSpan.Zero, SegmentsBeforeBase = 5 });
        for (var day = 1; day <= 60; day++)
            await RunAsync(vault, day);
        await (await vault.OpenAsync()).PruneAsync([], default);
        await RunAsync(vault, 61);
        var counting = new CountingBlobStore(_store);
        var result = await (await vault.Through(counting).OpenAsync()).PruneAsync([], default);
        Assert.Equal((0, 61), (result.PointsRemoved, result.PointsKept));
        Assert.InRange(counting.Reads("/log/"), 0, 15); // the way to the newest point; there are ninety
        Assert.Equal(0, counting.Reads("/base/") - counting.Reads("/index")); // no part of a base
        Assert.Equal(0, counting.Reads("/packs/"));
    }

    [Fact]
    public async Task A_pack_that_is_mostly_dead_is_written_again_and_its_items_are_not_touched()
    {
        var vault = await AVault.OnAsync(_store, AVault.SmallSizes with { TargetPackBytes = 1 << 20 });
        await using (var run = await vault.BeginAsync())
        {
            for (var i = 0; i < 60; i++)
                await run.PutAsync($"item-{i:d2}", AVault.Bytes(i, 500, compressible: false));
            await run.SealAsync();
        }
        await using (var run = await vault.BeginAsync())
        {
            for (var i = 0; i < 60; i++)
                if (i % 6 != 0)
                    await run.RemoveAsync($"item-{i:d2}", default);
            await run.SealAsync();
        }
        var mailbox = await vault.OpenAsync();
        var old = await mailbox.ListPointsAsync(default);
        await using var reader = await mailbox.OpenPointAsync(old[0].Sequence, default);
        var before = _store.StoredBytes;
        Assert.Equal(1, (await mailbox.PruneAsync([old[0].Sequence], default)).PacksRewritten);
        Assert.Equal(AVault.Bytes(7, 500, compressible: false), await reader.ReadAllAsync((await reader.FindAsync("item-07", default))!.Contents["mime"])); // grace
        vault.Clock.Advance(TimeSpan.FromDays(8));
        await (await vault.OpenAsync()).PruneAsync([], default);
        Assert.True(_store.StoredBytes < before / 2, $"{_store.StoredBytes} of {before} bytes are left");
        await using (var now = await (await vault.OpenAsync()).OpenPointAsync(old[1].Sequence, default))
            for (var i = 0; i < 60; i += 6)
                Assert.Equal(AVault.Bytes(i, 500, compressible: false), await now.ReadAllAsync((await now.FindAsync($"item-{i:d2}", default))!.Contents["mime"]));
        await using (var run = await vault.BeginAsync())
        {
            await run.PutAsync("again", AVault.Bytes(6, 500, compressible: false)); // known content, by number in the new edition
            await run.SealAsync();
        }
        Assert.Empty((await (await vault.OpenAsync()).CheckAsync(CheckDepth.Full, null, default)).Findings);
        // What the reader opened before holds names an object that has gone; what is left of it is found in the edition.
        Assert.Equal(AVault.Bytes(6, 500, compressible: false), await reader.ReadAllAsync((await reader.FindAsync("item-06", default))!.Contents["mime"]));
    }

    private async Task<(AVault Vault, IReadOnlyList<RestorePoint> Points, BlobName[] Newest)> PrunedAsync()
    {
        var vault = await AVault.OnAsync(_store);
        for (var day = 1; day <= 4; day++)
            await RunAsync(vault, day);
        var points = await (await vault.OpenAsync()).ListPointsAsync(default);
        await (await vault.OpenAsync()).PruneAsync([points[0].Sequence, points[1].Sequence], default);
        var records = _store.Objects.Keys.Where(n => n.Value.Contains("/prune/", StringComparison.Ordinal)).OrderBy(n => n.Value, StringComparer.Ordinal).ToArray();
        Assert.Equal($"{records[^2]}-copy", records[^1].Value);
        return (vault, points, records[^2..]);
    }

    [Fact]
    public async Task Deleting_a_resource_leaves_nothing_of_it_and_its_neighbour_whole()
    {
        var vault = await AVault.OnAsync(_store);
        await RunAsync(vault, 1);
        var neighbour = await vault.Repository.OpenAsync(new("contoso", "mailbox-10"), default);
        await using (var run = await neighbour.BeginRunAsync(Guid.NewGuid(), vault.Clock.GetUtcNow(), default))
        {
            await run.PutAsync("a", AVault.Bytes(1, 50));
            await run.SealAsync();
        }
        Assert.Equal(["mailbox-1", "mailbox-10"], await vault.Repository.ListResourcesAsync("contoso", default).Order().ToListAsync());
        var deleted = await (await vault.OpenAsync()).DeleteAllAsync(default);
        Assert.True(deleted is { ObjectsDeleted: > 1, BytesDeleted: > 100 });
        Assert.Equal(["mailbox-10"], await vault.Repository.ListResourcesAsync("contoso", default).ToListAsync());
        Assert.Empty((await neighbour.CheckAsync(CheckDepth.Full, null, default)).Findings);
    }

    private static int PacksIn(MemoryBlobStore store) => store.Objects.Keys.Count(n => n.Value.Contains("/packs/", StringComparison.Ordinal));

    private static async Task RunAsync(AVault vault, int day)
    {
        await using var run = await vault.BeginAsync();
        await run.PutAsync("day", AVault.Bytes(day * 100, 400));
        if (day % 2 == 1)
            await run.CommitSegmentAsync("half", default);
        await run.PutAsync("ever", AVault.Bytes(day * 100, 400)); // the same content, by another name
        await run.PutAsync($"only-{day}", AVault.Bytes(day * 100 + 1, 300));
        if (day > 1)
            await run.RemoveAsync($"only-{day - 1}", default);
        await run.SealAsync();
    }

    private static async Task AssertDayAsync(AVault vault, long point, int day)
    {
        await using var reader = await (await vault.OpenAsync()).OpenPointAsync(point, default);
        foreach (var id in new[] { "day", "ever" })
            Assert.Equal(AVault.Bytes(day * 100, 400), await reader.ReadAllAsync((await reader.FindAsync(id, default))!.Contents["mime"]));
        Assert.Equal(AVault.Bytes(day * 100 + 1, 300), await reader.ReadAllAsync((await reader.FindAsync($"only-{day}", default))!.Contents["mime"]));
        Assert.Null(await reader.FindAsync($"only-{day - 1}", default));
    }
}
