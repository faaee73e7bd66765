using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests.Sweep;

/// <summary>An object of one resource that cannot be read: nothing that it may name goes, and the tenant's space comes back all the same.</summary>
public sealed class SweepDamageTests
{
    private static readonly VaultOptions Options = AVault.SmallSizes with { SegmentsBeforeBase = 2, GracePeriod = TimeSpan.Zero };
    private const string Neighbour = "mailbox-2";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whatever_object_of_one_resource_is_lost_nothing_it_names_goes_and_what_others_let_go_later_does(bool isMissing)
    {
        var (vault, store) = await LifeAsync();
        foreach (var name in Names(store, "/mailbox-1/").Where(n => n.Value.Contains("/log/", StringComparison.Ordinal) || n.Value.Contains("/base/", StringComparison.Ordinal) || n.Value.Contains("/packs/", StringComparison.Ordinal)))
        {
            var isHeadLost = name == Names(store, "/mailbox-1/log/")[^1];
            if (isHeadLost && isMissing)
                continue; // an older vault: who remembers a later one notices
            var (damaged, whole) = (store.Copy(), store.Objects[name]);
            var tenant = vault.Through(damaged);
            Lose(damaged, name, isMissing);
            var first = await SweepAsync(tenant);
            var isNeeded = !first.Unreadable.IsEmpty; // a base or segment that others cover and that is gone says nothing that they do not say
            Assert.True(isNeeded || isMissing || name.Value.Contains("/packs/", StringComparison.Ordinal), name.Value);
            for (var day = 0; day < 3; day++)
            {
                await RunAsync(tenant, Neighbour, ($"new-{day}", Large(50 + day)));
                await RunAsync(tenant, Neighbour, ($"new-{day}", null));
                await PruneAsync(tenant, Neighbour);
                await SweepAsync(tenant);
                tenant.Clock.Advance(TimeSpan.FromDays(8)); // no run of the damaged resource: the sweep takes its place where it can
            }
            if (!isHeadLost) // the lists wait for a commit that cannot come before somebody sets the resource back
                Assert.True((await SweepAsync(tenant)).ChunksDeleted + Chunks(store).Count >= Chunks(damaged).Count, $"{name}: what came later stays");

            damaged.Replace(name, whole); // somebody puts it back from a copy
            var mailbox = await tenant.OpenAsync();
            var report = await mailbox.CheckAsync(CheckDepth.Full, null, default);
            Assert.True(report.IsSound, $"{name}: {string.Join("; ", report.Findings)}");
            Assert.Empty((await SweepAsync(tenant)).Unreadable);
            Assert.Empty(Names(damaged, "/held/"));
        }
    }

    [Fact]
    public async Task What_was_kept_because_of_damage_goes_once_a_prune_has_removed_the_damaged_object()
    {
        var (vault, store) = await LifeAsync();
        await RunAsync(vault, "mailbox-1", ("a", null), ("b", null), ("c", null));
        await RunAsync(vault, Neighbour, ("own", Large(12)));
        await RunAsync(vault, Neighbour, ("own", null));
        await PruneAsync(vault, Neighbour);
        await PruneAsync(vault, Neighbour);
        var second = Names(store, "/mailbox-1/log/")[1];
        Lose(store, second, isMissing: false);
        var first = await SweepAsync(vault);
        Assert.Equal(second, Assert.Single(first.Unreadable));
        Assert.Equal((0, true), (first.ChunksCondemned, first.ChunksHeld > 0));
        Assert.NotEmpty(Names(store, "/held/"));
        await PruneAsync(vault, "mailbox-1");
        await PruneAsync(vault, "mailbox-1");
        Assert.DoesNotContain(second, store.Objects.Keys);
        var after = await SweepAsync(vault);
        Assert.Equal((true, 0), (after.ChunksCondemned > 0, after.ChunksHeld));
        Assert.Empty(Names(store, "/held/"));
    }

    [Fact]
    public async Task A_list_of_what_is_kept_that_is_damaged_itself_is_made_again_and_takes_nothing_away()
    {
        var (vault, store) = await LifeAsync();
        var second = Names(store, "/mailbox-1/log/")[1];
        var whole = store.Objects[second];
        Lose(store, second, isMissing: false);
        await SweepAsync(vault);
        var before = Chunks(store);
        store.Replace(Assert.Single(Names(store, "/held/")), [1, 2, 3]);
        for (var week = 0; week < 3; week++, vault.Clock.Advance(TimeSpan.FromDays(8)))
            Assert.Equal(second, Assert.Single((await SweepAsync(vault)).Unreadable));
        Assert.Superset(before, Chunks(store));
        store.Replace(second, whole);
        Assert.True((await (await vault.OpenAsync()).CheckAsync(CheckDepth.Full, null, default)).IsSound);
    }

    [Theory]
    [InlineData("/barrier")]
    [InlineData("/condemned")]
    public async Task A_damaged_object_of_a_sweep_stops_no_later_one(string which)
    {
        var (vault, store) = await LifeAsync();
        await RunAsync(vault, Neighbour, ("x", Large(9)));
        await RunAsync(vault, Neighbour, ("x", null));
        await PruneAsync(vault, Neighbour);
        Assert.True((await SweepAsync(vault)).ChunksCondemned > 0);
        Lose(store, Assert.Single(Names(store, "/sweep/"), n => n.Value.EndsWith(which, StringComparison.Ordinal)), isMissing: false);
        var deleted = 0L;
        for (var week = 0; week < 4; week++, vault.Clock.Advance(TimeSpan.FromDays(8)))
            deleted += (await SweepAsync(vault)).ChunksDeleted;
        Assert.True(deleted > 0);
        Assert.Empty(Names(store, "/sweep/"));
    }

    /// <summary>Two resources that share content; in the first, some of it is named by old points only.</summary>
    private static async Task<(AVault Vault, MemoryBlobStore Store)> LifeAsync()
    {
        var store = new MemoryBlobStore();
        var vault = await AVault.OnAsync(store, Options);
        await RunAsync(vault, Neighbour, ("shared", Large(1)));
        await RunAsync(vault, "mailbox-1", ("a", Large(1)), ("long", AVault.Bytes(7, 12_000, compressible: false)));
        await RunAsync(vault, "mailbox-1", ("b", Large(2)));
        await RunAsync(vault, "mailbox-1", ("a", Large(3)));
        await RunAsync(vault, "mailbox-1", ("b", null), ("c", Large(4)));
        await RunAsync(vault, "mailbox-1", ("d", AVault.Bytes(8, 300)));
        return (vault, store);
    }

    private static byte[] Large(int seed) => AVault.Bytes(seed, 3000, compressible: false);

    private static void Lose(MemoryBlobStore store, BlobName name, bool isMissing)
    {
        if (isMissing)
        {
            store.Remove(name);
            return;
        }
        var bytes = store.Objects[name].ToArray();
        for (var at = 41; at < bytes.Length; at += 50)
            bytes[at] ^= 1;
        store.Replace(name, bytes);
    }

    private static BlobName[] Names(MemoryBlobStore store, string part) =>
        [.. store.Objects.Keys.Where(n => n.Value.Contains(part, StringComparison.Ordinal)).OrderBy(n => n.Value, StringComparer.Ordinal)];

    private static HashSet<BlobName> Chunks(MemoryBlobStore store) => [.. Names(store, "/content/"), .. Names(store, "/rescued/")];

    private static Task<SweepResult> SweepAsync(AVault vault) => vault.Repository.SweepAsync(AVault.Mailbox.Tenant, default);

    private static async Task PruneAsync(AVault vault, string resource)
    {
        var opened = await vault.Repository.OpenAsync(new(AVault.Mailbox.Tenant, resource), default);
        await opened.PruneAsync(new HashSet<long>(), default);
    }

    private static async Task RunAsync(AVault vault, string resource, params (string Id, byte[]? Content)[] changes)
    {
        var opened = await vault.Repository.OpenAsync(new(AVault.Mailbox.Tenant, resource), default);
        await using var run = await opened.BeginRunAsync(Guid.NewGuid(), vault.Clock.GetUtcNow(), default);
        foreach (var (id, content) in changes)
            if (content is null)
                await run.RemoveAsync(id, default);
            else
                await run.PutAsync(id, content);
        await run.SealAsync();
    }
}
