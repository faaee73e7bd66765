using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests.Damage;

/// <summary>A scrub reads everything within its round, names what depends on damage, and what is stored again heals every point that names it.</summary>
public sealed class ScrubTests
{
    private static readonly VaultOptions Options = AVault.SmallSizes with { SegmentsBeforeBase = 3 };

    [Fact]
    public async Task A_round_reads_every_object_once_however_many_slices_it_has_and_goes_on_after_a_restart()
    {
        var (vault, store) = await LifeAsync();
        foreach (var slices in new[] { 1, 3, 30, 1000 })
        {
            var (cursor, rounds, objects) = ((string?)null, 0, 0);
            do
            {
                var slice = await (await vault.OpenAsync()).ScrubAsync(cursor, slices, default); // another process each day, as far as the vault knows
                Assert.Empty(slice.Damage);
                (cursor, rounds, objects) = (slice.Cursor, rounds + 1, objects + slice.Objects);
            }
            while (cursor is not null);
            Assert.InRange(rounds, 1, slices);
            Assert.Equal(store.Objects.Count - 1, objects); // all but the tenant's key
        }
    }

    [Fact]
    public async Task Damage_anywhere_is_found_in_one_round_and_every_item_that_it_does_not_name_reads_as_before()
    {
        var (vault, store) = await LifeAsync();
        var truth = await ReadAsync(vault);
        var newest = store.Objects.Keys.Where(n => n.Value.Contains("/log/", StringComparison.Ordinal)).MaxBy(n => n.Value, StringComparer.Ordinal);
        foreach (var (name, bytes) in store.Objects.Where(o => o.Key.Value != "contoso/keys"))
        {
            foreach (var change in new Func<byte[], byte[]?>[] { b => Flip(b, b.Length / 2), b => Flip(b, b.Length - 20), b => b[..(b.Length / 2)], _ => null })
            {
                var damaged = store.Copy();
                if (change(bytes) is { } other)
                    damaged.Replace(name, other);
                else
                    damaged.Remove(name);
                var (found, after) = (await RoundAsync(vault.Through(damaged)), await ReadAsync(vault.Through(damaged)));
                if (change(bytes) is null && (after.SequenceEqual(truth) || name == newest))
                    continue; // a segment that a base covers, or the newest: only a mark kept elsewhere tells
                // That a base is missing shows in what it covered; a damaged part is found with its base.
                Assert.NotEmpty(found);
                Assert.Contains(found, d => change(bytes) is null || d.Name == name || name.Value.StartsWith(d.Name.Value[..^"index".Length], StringComparison.Ordinal));
                var named = found.SelectMany(d => d.Items).Select(i => i.Id).ToHashSet();
                if (found.All(d => d.HoldsContent))
                    Assert.Equal(truth.Where(line => !named.Contains(line.Id)), after.Where(line => !named.Contains(line.Id)));
                Assert.Equal(found.Any(d => !d.Items.IsEmpty), found.All(d => d.HoldsContent));
            }
        }
    }

    [Fact]
    public async Task Content_that_is_met_again_heals_every_point_that_names_it()
    {
        var (vault, store) = await LifeAsync();
        var (truth, healedObjects) = (await ReadAsync(vault), 0);
        foreach (var (name, bytes) in store.Objects.Where(o => o.Key.Value.Contains("/packs/", StringComparison.Ordinal) || o.Key.Value.Contains("/content/", StringComparison.Ordinal)))
        {
            var damaged = vault.Through(store.Copy());
            ((MemoryBlobStore)damaged.Store).Replace(name, Flip(bytes, bytes.Length / 2));
            var found = Assert.Single(await RoundAsync(damaged));
            Assert.Equal(name, found.Name);
            Assert.NotEmpty(found.Items);
            Assert.NotEqual(truth, await ReadAsync(damaged));

            await using (var run = await damaged.BeginAsync())
            {
                run.Distrust(found.Contents);
                foreach (var line in truth.DistinctBy(t => t.Content).Where(l => found.Items.Any(i => i.Id == l.Id)))
                    await run.StoreAsync(Convert.FromHexString(line.Content), default);
                await run.SealAsync("healed", AVault.NoDetails.Add("day", "4"), default);
            }
            Assert.Equal(truth, (await ReadAsync(damaged)).Where(l => truth.Any(t => t.Point == l.Point)));
            Assert.Empty(await (await damaged.OpenAsync()).LookAgainAsync([name.Value], default));
            Assert.True((await (await damaged.OpenAsync()).CheckAsync(CheckDepth.Full, null, default)).IsSound);
            ALife.AssertAllDays(IndependentReading.Of((MemoryBlobStore)damaged.Store).Open("contoso", "mailbox-1"));
            healedObjects++;

            // What healed it is neither garbage nor swept, and goes with the last point that needs it.
            await (await damaged.OpenAsync()).PruneAsync((await (await damaged.OpenAsync()).ListPointsAsync(default)).Select(p => p.Sequence).ToHashSet(), default);
            vault.Clock.Advance(TimeSpan.FromDays(8));
            await damaged.Repository.SweepAsync("contoso", default);
            vault.Clock.Advance(TimeSpan.FromDays(8));
            await damaged.Repository.SweepAsync("contoso", default);
            Assert.Equal(truth, (await ReadAsync(damaged)).Where(l => truth.Any(t => t.Point == l.Point)));
        }
        Assert.True(healedObjects > 5);
    }

    [Fact]
    public async Task Without_distrust_a_writer_takes_what_is_stored_for_good()
    {
        var (vault, store) = await LifeAsync();
        var chunk = store.Objects.First(o => o.Key.Value.Contains("/content/", StringComparison.Ordinal));
        store.Replace(chunk.Key, Flip(chunk.Value, chunk.Value.Length / 2));
        await ALife.RunAsync(vault, day: 4); // stores the same content again: no byte of it is read
        Assert.NotEmpty(await RoundAsync(vault));
    }

    [Fact]
    public async Task A_damaged_spare_gets_another_beside_it()
    {
        var (vault, store) = await LifeAsync();
        var truth = await ReadAsync(vault);
        var pack = store.Objects.First(o => o.Key.Value.Contains("/packs/", StringComparison.Ordinal));
        store.Replace(pack.Key, Flip(pack.Value, pack.Value.Length / 2));
        for (var time = 0; time < 3; time++)
        {
            var found = Assert.Single(await RoundAsync(vault), d => d.Name == pack.Key);
            await using (var run = await vault.BeginAsync())
            {
                run.Distrust(found.Contents);
                foreach (var line in truth.DistinctBy(t => t.Content))
                    await run.StoreAsync(Convert.FromHexString(line.Content), default);
            }
            Assert.Equal(truth, await ReadAsync(vault));
            foreach (var (name, bytes) in store.Objects.Where(o => o.Key.Value.Contains("/spares/", StringComparison.Ordinal)).ToArray())
                store.Replace(name, Flip(bytes, bytes.Length / 2));
        }
    }

    private static byte[] Flip(byte[] bytes, int at)
    {
        var flipped = bytes.ToArray();
        flipped[at] ^= 1;
        return flipped;
    }

    private static async Task<List<DamagedObject>> RoundAsync(AVault vault)
    {
        var (cursor, damage) = ((string?)null, new List<DamagedObject>());
        do
        {
            var slice = await (await vault.OpenAsync()).ScrubAsync(cursor, 3, default);
            damage.AddRange(slice.Damage);
            cursor = slice.Cursor;
        }
        while (cursor is not null);
        return [.. damage.DistinctBy(d => d.Name)];
    }

    private static async Task<(AVault, MemoryBlobStore)> LifeAsync()
    {
        var store = new MemoryBlobStore();
        var vault = await AVault.OnAsync(store, Options);
        for (var day = 1; day <= 4; day++)
            await ALife.RunAsync(vault, day);
        await (await vault.OpenAsync()).PruneAsync((await (await vault.OpenAsync()).ListPointsAsync(default)).Skip(1).Select(p => p.Sequence).ToHashSet(), default);
        vault.Clock.Advance(TimeSpan.FromDays(30));
        await (await vault.OpenAsync()).PruneAsync((await (await vault.OpenAsync()).ListPointsAsync(default)).Select(p => p.Sequence).ToHashSet(), default);
        return (vault, store);
    }

    /// <summary>Every item of every point that can be read.</summary>
    private static async Task<List<(long Point, string Id, string Content)>> ReadAsync(AVault vault)
    {
        var read = new List<(long, string, string)>();
        try
        {
            var mailbox = await vault.OpenAsync();
            foreach (var point in await mailbox.ListPointsAsync(default))
            {
                await using var reader = await mailbox.OpenPointAsync(point.Sequence, default);
                await foreach (var item in reader.ItemsAsync(ItemFilter.All, default))
                {
                    try { read.Add((point.Sequence, item.Id, Convert.ToHexString(await reader.ReadAllAsync(item.Contents["mime"])))); }
                    catch (DamagedObjectException) { }
                }
            }
        }
        catch (DamagedObjectException) { }
        return read;
    }
}
