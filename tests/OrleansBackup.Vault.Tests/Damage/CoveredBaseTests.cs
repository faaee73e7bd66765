using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests.Damage;

/// <summary>A base that is damaged inside is gone round by what it covers, within the call that meets the damage.</summary>
public sealed class CoveredBaseTests
{
    private const int Days = 8;
    private static readonly VaultOptions Options = AVault.SmallSizes with { SegmentsBeforeBase = 3, GracePeriod = TimeSpan.Zero };
    private static readonly ItemFilter[] Filters =
        [ItemFilter.All, ItemFilter.All with { Kind = "message" }, ItemFilter.All with { ParentId = "inbox" }, ItemFilter.All with { ParentId = "inbox", AfterId = "item-010" }];

    [Fact]
    public async Task Every_reading_gives_the_same_wherever_a_base_is_damaged_and_tells_of_it()
    {
        var (vault, store) = await LifeAsync();
        var (whole, _) = await ReadAsync(vault);
        var told = new HashSet<BlobName>();
        foreach (var part in Parts(store))
            for (var at = 7; at < store.Objects[part].Length; at += 131)
            {
                var (read, damage) = await ReadAsync(vault.Through(Flipped(store, part, at)));
                Assert.Equal(whole, read);
                Assert.True(damage.Count == 0 || Assert.Single(damage).Name == part);
                told.UnionWith(damage.Select(d => d.Name));
            }
        Assert.True(told.Count > 1, $"only {told.Count} parts were met damaged");
    }

    [Fact]
    public async Task A_run_goes_on_over_damage_and_the_next_that_is_told_of_it_does_without_the_base()
    {
        var (vault, store) = await LifeAsync();
        var gone = 0;
        foreach (var part in Parts(store))
        {
            var damaged = vault.Through(Flipped(store, part, at: 50));
            string[] names;
            await using (var run = await damaged.BeginAsync())
            {
                await ALife.BringAsync(run, Days + 1);
                names = [.. run.GoneRound.Select(d => d.Name.Value)];
            }
            await AssertDayAsync(damaged, Days + 1);
            if (names is [])
                continue;
            gone++;
            Assert.Equal([part.Value], names);
            await using (var run = await (await damaged.OpenAsync()).BeginRunAsync(Guid.NewGuid(), vault.Clock.GetUtcNow(), default, names))
            {
                await ALife.BringAsync(run, Days + 2);
                Assert.Empty(run.GoneRound);
            }
            await AssertDayAsync(damaged, Days + 2);
        }
        Assert.True(gone > 0);
    }

    [Fact]
    public async Task A_base_and_what_it_covers_damaged_both_are_gone_round_as_long_as_there_is_a_way()
    {
        var (vault, store) = await LifeAsync();
        var (whole, _) = await ReadAsync(vault);
        foreach (var part in Parts(store))
            store.Replace(part, Flipped(store, part, at: 50).Objects[part]);
        var (read, damage) = await ReadAsync(vault);
        Assert.Equal(whole, read);
        Assert.True(damage.Count > 1);
    }

    [Fact]
    public async Task Where_nothing_is_left_of_what_a_base_covers_the_damage_is_told()
    {
        var (vault, store) = await LifeAsync();
        await (await vault.OpenAsync()).PruneAsync(new HashSet<long>(), default);
        await (await vault.OpenAsync()).PruneAsync(new HashSet<long>(), default);
        foreach (var part in Parts(store))
        {
            var damaged = Flipped(store, part, at: 50);
            Assert.Equal(part, (await Assert.ThrowsAsync<DamagedObjectException>(() => ReadAsync(vault.Through(damaged)))).Name);
        }
    }

    private static async Task<(List<string> Read, IReadOnlyCollection<DamagedObjectException> Damage)> ReadAsync(AVault vault)
    {
        var (read, damage) = (new List<string>(), new Dictionary<BlobName, DamagedObjectException>());
        var mailbox = await vault.OpenAsync();
        var points = await mailbox.ListPointsAsync(default);
        foreach (var sequence in new[] { points[points.Length / 2], points[^1] }.Select(p => p.Sequence).Distinct())
        {
            await using var point = await mailbox.OpenPointAsync(sequence, default);
            foreach (var filter in Filters)
                read.AddRange(await point.ItemsAsync(filter, default).Select(i => $"{i.Id} {i.Contents["mime"].Hash}").ToListAsync());
            read.AddRange((await point.SearchAsync(new(["name"], null, null, null), default).Select(i => i.Id).ToListAsync()).Order(StringComparer.Ordinal));
            for (var i = 0; i < Days + 10; i++)
                read.Add((await point.FindAsync($"item-{i:d3}", default))?.ToString() ?? "none");
            foreach (var met in point.GoneRound)
                damage[met.Name] = met;
        }
        return (read, damage.Values);
    }

    private static async Task AssertDayAsync(AVault vault, int day)
    {
        var mailbox = await vault.OpenAsync();
        var state = ALife.StateOf(day);
        await using var reader = await mailbox.OpenPointAsync((await mailbox.ListPointsAsync(default))[^1].Sequence, default);
        Assert.Equal(state.Keys, await reader.ItemsAsync(ItemFilter.All, default).Select(i => i.Id).ToListAsync());
        foreach (var (id, content) in state)
            Assert.Equal(content, await reader.ReadAllAsync((await reader.FindAsync(id, default))!.Contents["mime"]));
    }

    private static async Task<(AVault Vault, MemoryBlobStore Store)> LifeAsync()
    {
        var store = new MemoryBlobStore();
        var vault = await AVault.OnAsync(store, Options);
        for (var day = 1; day <= Days; day++)
            await ALife.RunAsync(vault, day);
        return (vault, store);
    }

    private static BlobName[] Parts(MemoryBlobStore store) =>
        [.. store.Objects.Keys.Where(n => n.Value.Contains("/base/", StringComparison.Ordinal) && !n.Value.EndsWith("/index", StringComparison.Ordinal)).OrderBy(n => n.Value, StringComparer.Ordinal)];

    private static MemoryBlobStore Flipped(MemoryBlobStore store, BlobName name, int at)
    {
        var (copy, bytes) = (store.Copy(), store.Objects[name].ToArray());
        bytes[at] ^= 1;
        copy.Replace(name, bytes);
        return copy;
    }
}
