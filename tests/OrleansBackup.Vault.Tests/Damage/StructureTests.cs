using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests.Damage;

/// <summary>Damage to what says where things are: gone round where something else says the same, otherwise told, with a way on.</summary>
public sealed class StructureTests
{
    private static readonly VaultOptions Options = AVault.SmallSizes with { SegmentsBeforeBase = 3, GracePeriod = TimeSpan.Zero };

    [Fact]
    public async Task A_damaged_object_that_another_covers_stops_neither_reading_nor_runs()
    {
        var (vault, store) = await LifeAsync(days: 4);
        var head = Names(store, "/log/")[^1];
        var covered = 0;
        foreach (var name in Names(store, "/base/").Where(n => n.Value.EndsWith("/index", StringComparison.Ordinal)).Concat(Names(store, "/log/").Where(n => n != head)))
        {
            var damaged = vault.Through(store.Copy());
            Flip((MemoryBlobStore)damaged.Store, name);
            try { await (await damaged.OpenAsync()).ListPointsAsync(default); }
            catch (DamagedObjectException e)
            {
                Assert.Equal(name, e.Name); // nothing covers it
                continue;
            }
            covered++;
            for (var day = 5; day <= 8; day++)
                await ALife.RunAsync(damaged, day);
            await AssertDaysAsync(damaged, 8, name);
            Assert.Contains((await (await damaged.OpenAsync()).CheckAsync(CheckDepth.Full, null, default)).Findings, f => f.Name == name);
        }
        Assert.True(covered > 5, $"only {covered} objects were covered by others");
    }

    [Fact]
    public async Task A_base_that_is_known_to_be_damaged_inside_is_gone_round_and_another_takes_its_place()
    {
        var (vault, store) = await LifeAsync(days: 4);
        var part = Names(store, "/base/").Where(n => !n.Value.EndsWith("/index", StringComparison.Ordinal)).MaxBy(n => store.Objects[n].Length);
        foreach (var other in Names(store, part.Value[..part.Value.LastIndexOf('/')]).Where(n => !n.Value.EndsWith("/index", StringComparison.Ordinal)))
            Flip(store, other);
        await using (var run = await (await vault.OpenAsync()).BeginRunAsync(Guid.NewGuid(), vault.Clock.GetUtcNow(), default, damaged: [part.Value]))
            await ALife.BringAsync(run, 5);
        for (var day = 6; day <= 8; day++) // what the first wrote instead carries on by itself
            await ALife.RunAsync(vault, day);
        var mailbox = await vault.OpenAsync();
        await using var newest = await mailbox.OpenPointAsync((await mailbox.ListPointsAsync(default))[^1].Sequence, default);
        Assert.Equal(ALife.StateOf(8).Keys, await newest.ItemsAsync(ItemFilter.All, default).Select(i => i.Id).ToListAsync());
    }

    [Fact]
    public async Task Where_nothing_covers_the_damage_the_point_before_it_restores_and_runs_go_on_at_somebodys_word()
    {
        for (var place = 0; place < 4; place++)
            for (var isMissing = 0; isMissing < 2; isMissing++)
            {
                var (vault, store) = await LifeAsync(days: 3, AVault.SmallSizes with { SegmentsBeforeBase = 1000, GracePeriod = TimeSpan.Zero });
                var name = Names(store, "/log/")[^(place + 1)];
                var second = (await (await vault.OpenAsync()).ListPointsAsync(default))[1];
                var good = long.Parse(name.Value[^10..], System.Globalization.CultureInfo.InvariantCulture) > second.Sequence ? 2 : 1;
                if (isMissing == 1 && place == 0)
                    continue; // the newest segment missing is an older vault: who remembers a later one notices
                if (isMissing == 1)
                    store.Remove(name);
                else
                    Flip(store, name);
                await Assert.ThrowsAsync<DamagedObjectException>(() => ALife.RunAsync(vault, day: 4));
                var (wasNeeded, point) = await (await vault.OpenAsync()).SetBackAsync(default);
                Assert.True(wasNeeded);
                Assert.Equal($"{good}", point!.Details["day"]);
                await AssertDaysAsync(vault, good);
                await using (var run = await vault.BeginAsync())
                {
                    Assert.Equal((false, null, point.Sequence), (run.Resumed, run.Checkpoint, run.Previous!.Sequence));
                    Assert.Empty(await run.UnsealedAsync(default).ToListAsync());
                    await run.CommitSegmentAsync("begun anew", default); // a process that dies here is resumed, but not behind the damage
                }
                await using (var run = await vault.BeginAsync())
                {
                    Assert.True(run is { Resumed: true, Checkpoint: "begun anew" });
                    Assert.Empty(await run.UnsealedAsync(default).ToListAsync());
                    await ALife.BringAsync(run, 4);
                }
                await AssertDaysAsync(vault, 4);
                Assert.False((await (await vault.OpenAsync()).SetBackAsync(default)).WasNeeded);
                for (var day = 5; day < 8; day++)
                {
                    await ALife.RunAsync(vault, day);
                    vault.Clock.Advance(TimeSpan.FromDays(31));
                    await (await vault.OpenAsync()).PruneAsync(new HashSet<long>(), default);
                }
                Assert.Empty((await (await vault.OpenAsync()).CheckAsync(CheckDepth.Full, null, default)).Findings); // the damage went with what it was in
                ALife.AssertAllDays(IndependentReading.Of(store).Open("contoso", "mailbox-1"));
            }
    }

    [Fact]
    public async Task Setting_back_that_is_stopped_at_any_step_is_done_by_the_next()
    {
        for (var at = 0; ; at++)
        {
            var (vault, store) = await LifeAsync(days: 3, AVault.SmallSizes with { SegmentsBeforeBase = 1000 });
            Flip(store, Names(store, "/log/")[^2]);
            var faulty = new FaultyBlobStore(store, at, Fault.StoppedAfter);
            try { await (await vault.Through(faulty).OpenAsync()).SetBackAsync(default); }
            catch (StoppedException) { } // what is to be tested: no run goes on from a checkpoint that stands for lost changes
            if (faulty.Played && at == 0) // the segment is there, and nothing says yet what it follows
                await Assert.ThrowsAsync<DamagedObjectException>(() => vault.BeginAsync());
            await (await vault.OpenAsync()).SetBackAsync(default);
            await using (var run = await vault.BeginAsync())
                Assert.Null(run.Checkpoint);
            await ALife.RunAsync(vault, day: 4);
            await AssertDaysAsync(vault, 4);
            if (!faulty.Played)
                break;
        }
    }

    private static async Task<(AVault Vault, MemoryBlobStore Store)> LifeAsync(int days, VaultOptions? options = null)
    {
        var store = new MemoryBlobStore();
        var vault = await AVault.OnAsync(store, options ?? Options);
        for (var day = 1; day <= days; day++)
            await ALife.RunAsync(vault, day);
        return (vault, store);
    }

    /// <summary>Every listed point is the truth, the newest that of the given day. Only what was sealed in the damaged object itself may be lost.</summary>
    private static async Task AssertDaysAsync(AVault vault, int newest, BlobName damaged = default)
    {
        var mailbox = await vault.OpenAsync();
        var points = await mailbox.ListPointsAsync(default);
        Assert.Equal($"{newest}", points[^1].Details["day"]);
        foreach (var point in points)
        {
            PointReader reader;
            try { reader = await mailbox.OpenPointAsync(point.Sequence, default); }
            catch (DamagedObjectException e) when (e.Name == damaged && point != points[^1]) { continue; }
            await using var open = reader;
            var state = ALife.StateOf(int.Parse(point.Details["day"], System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal(state.Keys, await reader.ItemsAsync(ItemFilter.All, default).Select(i => i.Id).ToListAsync());
            foreach (var (id, content) in state)
                Assert.Equal(content, await reader.ReadAllAsync((await reader.FindAsync(id, default))!.Contents["mime"]));
        }
    }

    private static BlobName[] Names(MemoryBlobStore store, string part) =>
        [.. store.Objects.Keys.Where(n => n.Value.Contains(part, StringComparison.Ordinal)).OrderBy(n => n.Value, StringComparer.Ordinal)];

    private static void Flip(MemoryBlobStore store, BlobName name)
    {
        var bytes = store.Objects[name].ToArray();
        bytes[^30] ^= 1;
        store.Replace(name, bytes);
    }
}
