using System.Text;
using OrleansBackup.Vault.Content;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Log;
using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;
using VaultItems = OrleansBackup.Vault.Items;

namespace OrleansBackup.Vault.Tests.Erasure;

/// <summary>Items of one person go out of every restore point and out of the store, and every other item stays byte for byte.</summary>
public sealed class ErasureTests
{
    private const int Days = 6;
    private static readonly Guid Order = Guid.Parse("7b0b0b6e-53f5-4c5e-9d2b-000000000001");
    private static readonly HashSet<string> Person = ["item-03", "item-07", "large-1"];

    [Fact]
    public async Task Every_other_item_of_every_point_is_as_it_was()
    {
        var vault = await LivedAsync();
        var before = await ReadAsync(vault);

        var result = await (await vault.OpenAsync()).EraseAsync(Order, Person, default);

        var after = await ReadAsync(vault);
        Assert.Equal(3, result.Items);
        Assert.Equal(before.Count, after.Count);
        Assert.All(before.Zip(after), pair => AssertSame(pair.First, pair.Second));
        Assert.Contains(before, point => Person.Overlaps(point.Items.Keys)); // there was something to take out
        Assert.True((await (await vault.OpenAsync()).CheckAsync(CheckDepth.Full, null, default)).IsSound);
    }

    [Fact]
    public async Task Their_bytes_are_gone_from_the_store_once_grace_and_sweeps_have_passed()
    {
        var vault = await LivedAsync();
        var traces = await TracesAsync(vault);
        Assert.All(traces, trace => Assert.True(IsStored(vault, trace), "it has to be found while it is there"));

        await (await vault.OpenAsync()).EraseAsync(Order, Person, default);
        await FinishAsync(vault);

        Assert.All(traces, trace => Assert.False(IsStored(vault, trace)));
        await foreach (var change in ChangesAsync(vault))
            Assert.False(change.Version is not null && Person.Contains(change.Id), change.Id);
        Assert.True((await (await vault.OpenAsync()).CheckAsync(CheckDepth.Full, null, default)).IsSound);
    }

    [Fact]
    public async Task A_point_that_took_anothers_place_names_the_erasure_and_keeps_its_times()
    {
        var vault = await LivedAsync();
        var before = await (await vault.OpenAsync()).ListPointsAsync(default);

        var result = await (await vault.OpenAsync()).EraseAsync(Order, Person, default);

        var after = await (await vault.OpenAsync()).ListPointsAsync(default);
        Assert.Equal(before.Select(point => (point.Run, point.StartedAt, point.SealedAt)), after.Select(point => (point.Run, point.StartedAt, point.SealedAt)));
        Assert.Equal(before[0], after[0], SamePoint); // from before the person's first item: untouched
        Assert.All(after.Skip(1), point => Assert.Equal(Order.ToString("D"), point.Details[ErasureDetails.Erasure]));
        Assert.Equal(before.Skip(1).Select(point => point.Sequence), result.Points.Select(point => point.Replaced));
        Assert.Equal(after.Skip(1).Select(point => point.Sequence), result.Points.Select(point => point.Sequence));
        await Assert.ThrowsAsync<RestorePointNotFoundException>(async () => await (await vault.OpenAsync()).OpenPointAsync(before[^1].Sequence, default));
    }

    [Fact]
    public async Task The_next_run_goes_on_where_the_last_one_was()
    {
        var vault = await LivedAsync();
        await using (var run = await vault.BeginAsync()) // it commits, and its process dies
        {
            await run.PutAsync("unsealed", Bytes(90));
            await run.CommitSegmentAsync("half-way", default);
        }

        await (await vault.OpenAsync()).EraseAsync(Order, Person, default);

        await using var next = await vault.BeginAsync();
        Assert.Equal(("half-way", true), (next.Checkpoint!, next.Resumed));
        Assert.NotNull(await next.FindAsync("unsealed", default));
        Assert.Null(await next.FindAsync("item-03", default));
    }

    [Fact]
    public async Task Erasing_again_or_what_is_not_there_changes_no_point()
    {
        var vault = await LivedAsync();
        await (await vault.OpenAsync()).EraseAsync(Order, Person, default);
        var points = await (await vault.OpenAsync()).ListPointsAsync(default);

        await (await vault.OpenAsync()).EraseAsync(Order, Person, default);
        await (await vault.OpenAsync()).EraseAsync(Guid.NewGuid(), new HashSet<string> { "nobody" }, default);

        Assert.Equal(points.Select(point => point.Sequence), (await (await vault.OpenAsync()).ListPointsAsync(default)).Select(point => point.Sequence));
    }

    [Fact]
    public async Task A_second_person_can_be_erased_after_the_first()
    {
        var vault = await LivedAsync();
        var before = await ReadAsync(vault);
        await (await vault.OpenAsync()).EraseAsync(Order, Person, default);
        await (await vault.OpenAsync()).EraseAsync(Guid.NewGuid(), new HashSet<string> { "item-11" }, default);
        await FinishAsync(vault);

        var after = await ReadAsync(vault);
        Assert.All(before.Zip(after), pair => AssertSame(pair.First, pair.Second, "item-11"));
        Assert.All(after, point => Assert.DoesNotContain("item-11", point.Items.Keys));
    }

    [Fact]
    public async Task A_crash_at_any_call_to_the_store_loses_nothing_and_the_same_call_goes_on()
    {
        for (var at = 0; ; at += 7) // every seventh of some hundreds
        {
            var vault = await LivedAsync(days: 3);
            var before = await ReadAsync(vault);
            var faulty = new FaultyBlobStore(vault.Store, at, at % 2 == 0 ? Fault.Stopped : Fault.StoppedAfter);
            try { await (await vault.Through(faulty).OpenAsync()).EraseAsync(Order, Person, default); }
            catch (StoppedException) { } // what is to be tested: what the next call makes of it
            await (await vault.OpenAsync()).EraseAsync(Order, Person, default);
            var after = await ReadAsync(vault);
            Assert.Equal(before.Count, after.Count);
            Assert.All(before.Zip(after), pair => AssertSame(pair.First, pair.Second));
            if (!faulty.Played)
                return;
        }
    }

    /// <summary>Six days: items come each day, some change, some go; the person's begin on the second.</summary>
    private static async Task<AVault> LivedAsync(int days = Days)
    {
        var vault = await AVault.OnAsync(new MemoryBlobStore());
        for (var day = 0; day < days; day++)
        {
            await using var run = await vault.BeginAsync();
            if (day == 0)
                for (var at = 10; at < 30; at++)
                    await run.PutAsync($"item-{at:d2}", Bytes(at));
            else
            {
                for (var at = 0; at < 10; at++)
                    await run.PutAsync($"item-{at:d2}", Bytes(at + (100 * (at < 4 ? day : 1))));
                await run.PutAsync("large-1", AVault.Bytes(500 + day, 12_000, compressible: false));
                await run.PutAsync("large-2", AVault.Bytes(600, 12_000, compressible: false));
                await run.RemoveAsync($"item-{19 + day:d2}", default);
            }
            await run.SealAsync($"day {day}");
            vault.Clock.Advance(TimeSpan.FromDays(1));
        }
        return vault;
    }

    private static byte[] Bytes(int seed) => Encoding.UTF8.GetBytes($"the mail of seed {seed} ").Concat(AVault.Bytes(seed, 700, compressible: false)).ToArray();

    private static async Task FinishAsync(AVault vault)
    {
        for (var week = 0; week < 4; week++)
        {
            vault.Clock.Advance(TimeSpan.FromDays(8));
            await (await vault.OpenAsync()).PruneAsync(System.Collections.Immutable.ImmutableArray<long>.Empty, default);
            await vault.Repository.SweepAsync(AVault.Mailbox.Tenant, default);
        }
    }

    private sealed record PointThen(DateTimeOffset StartedAt, Dictionary<string, (ItemVersion Item, byte[] Bytes)> Items);

    private static async Task<List<PointThen>> ReadAsync(AVault vault)
    {
        var (mailbox, points) = (await vault.OpenAsync(), new List<PointThen>());
        foreach (var point in await mailbox.ListPointsAsync(default))
        {
            await using var reader = await mailbox.OpenPointAsync(point.Sequence, default);
            var items = new Dictionary<string, (ItemVersion, byte[])>(StringComparer.Ordinal);
            await foreach (var item in reader.ItemsAsync(ItemFilter.All, default))
                items[item.Id] = (item, await reader.ReadAllAsync(item.Contents["mime"]));
            Assert.Equal(items.Count, point.ItemsByKind.Sum(kind => kind.Value));
            points.Add(new(point.StartedAt, items));
        }
        return points;
    }

    private static void AssertSame(PointThen before, PointThen after, params string[] alsoGone)
    {
        Assert.Equal(before.StartedAt, after.StartedAt);
        Assert.Equal(before.Items.Keys.Except(Person).Except(alsoGone).Order(StringComparer.Ordinal), after.Items.Keys.Order(StringComparer.Ordinal));
        Assert.All(after.Items, item =>
        {
            Assert.Equal(before.Items[item.Key].Item, item.Value.Item);
            Assert.Equal(before.Items[item.Key].Bytes, item.Value.Bytes);
        });
    }

    private static bool SamePoint(RestorePoint one, RestorePoint other) => one.Sequence == other.Sequence && one.Run == other.Run && one.SealedAt == other.SealedAt;

    /// <summary>The names of every content that the person's items ever had, as the vault knows them.</summary>
    private static async Task<List<Hash256>> TracesAsync(AVault vault)
    {
        var (mailbox, names) = (await vault.OpenAsync(), new HashSet<Hash256>());
        foreach (var point in await mailbox.ListPointsAsync(default))
        {
            await using var reader = await mailbox.OpenPointAsync(point.Sequence, default);
            foreach (var id in Person)
                foreach (var content in (await reader.FindAsync(id, default))?.Contents.Values ?? [])
                {
                    names.UnionWith(content.Packed.Select(packed => packed.Hash));
                    await foreach (var chunk in new ContentReader(mailbox.Context.Files, mailbox.Context.Names, mailbox.Context.Cache).ChunksOfAsync(content, default))
                        names.Add(chunk.Hash);
                }
        }
        return [.. names];
    }

    /// <summary>Whether any object of the store still holds the content: looked for in all packs and editions there are, and under the names of chunks.</summary>
    private static bool IsStored(AVault vault, Hash256 content)
    {
        var store = (MemoryBlobStore)vault.Store;
        var files = vault.OpenAsync().GetAwaiter().GetResult().Context.Files;
        return store.Objects.Keys.Any(name => name.Value.Contains(content.ToString()!, StringComparison.Ordinal)
            || ((name.Value.Contains("/packs/", StringComparison.Ordinal) || name.Value.Contains("/repacked/", StringComparison.Ordinal))
                && PackIndex.ReadAsync(files, name, default).GetAwaiter().GetResult().Blocks.SelectMany(block => block.Entries).Any(entry => entry.Hash == content)));
    }

    /// <summary>Everything that any segment or base in the store says, whether it still counts or not.</summary>
    private static async IAsyncEnumerable<VaultItems.ItemChange> ChangesAsync(AVault vault)
    {
        var context = (await vault.OpenAsync()).Context;
        await foreach (var name in context.Files.Store.ListAsync(context.Names.LogPrefix, default))
            foreach (var change in (await context.ReadSegmentAsync(LogNumber.TryParse(name.Value.AsSpan(context.Names.LogPrefix.Length))!.Value, default)).Segment.Changes)
                yield return change;
        await foreach (var name in context.Files.Store.ListAsync(context.Names.BasePrefix, default))
            if (name.Value[context.Names.BasePrefix.Length..].Split('/') is [var text, "index"] && BaseRange.TryParse(text) is { } range)
                await foreach (var change in (await VaultItems.BaseLayer.OpenAsync(context.Files, context.Names, range, context.Cache, default)).ScanAsync(default))
                    yield return change;
    }
}
