using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests.Sweep;

/// <summary>The sweep of shared content: space comes back, and nothing that anybody can still name goes.</summary>
public sealed class SweepTests
{
    private readonly MemoryBlobStore _store = new();

    [Fact]
    public async Task What_nobody_names_any_more_is_condemned_first_and_deleted_once_every_log_went_on()
    {
        var vault = await OnAsync(_store);
        await SealAsync(vault, ("kept", Large(1)), ("gone", Large(2)));
        var before = Chunks(_store);
        await SealAsync(vault, ("gone", null));
        await PruneAllAsync(vault);
        var first = await SweepAsync(vault);
        Assert.True(first is { ChunksCondemned: > 0, ChunksDeleted: 0, ListsWaiting: 1 });
        Assert.Equal(before, Chunks(_store));
        Assert.Equal((0, 0, 1), await Figures(SweepAsync(vault))); // nothing was committed since, and it is too early to go without
        await SealAsync(vault);
        var second = await SweepAsync(vault);
        Assert.Equal((first.ChunksCondemned, first.BytesCondemned, 0), (second.ChunksDeleted, second.BytesDeleted, second.ListsWaiting));
        await AssertAsync(vault, ("kept", Large(1)));
        Assert.DoesNotContain(_store.Objects.Keys, n => n.Value.Contains("/sweep/", StringComparison.Ordinal));
        await SealAsync(vault, ("again", Large(2)));
        await AssertAsync(vault, ("again", Large(2)), ("kept", Large(1)));
    }

    [Fact]
    public async Task A_resource_without_runs_does_not_keep_the_space_for_ever()
    {
        var vault = await OnAsync(_store);
        await SealAsync(vault, ("gone", Large(2)));
        await SealAsync(vault, ("gone", null));
        await PruneAllAsync(vault);
        await SweepAsync(vault);
        vault.Clock.Advance(TimeSpan.FromDays(4));
        Assert.True((await SweepAsync(vault)).ChunksDeleted > 0);
        await SealAsync(vault, ("new", Large(3))); // the next run goes on after the segment that the sweep put there
        await AssertAsync(vault, ("new", Large(3)));
    }

    [Fact]
    public async Task What_another_resource_names_stays()
    {
        var vault = await OnAsync(_store);
        var neighbour = await vault.Repository.OpenAsync(new("contoso", "mailbox-2"), default);
        await SealAsync(vault, ("a", Large(1)));
        await using (var run = await neighbour.BeginRunAsync(Guid.NewGuid(), vault.Clock.GetUtcNow(), default))
        {
            await run.PutAsync("b", Large(1));
            await run.SealAsync();
        }
        await (await vault.OpenAsync()).DeleteAllAsync(default);
        for (var week = 0; week < 3; week++)
        {
            Assert.Equal(0, (await SweepAsync(vault)).ChunksCondemned);
            vault.Clock.Advance(TimeSpan.FromDays(7));
        }
        Assert.Empty((await neighbour.CheckAsync(CheckDepth.Full, null, default)).Findings);
    }

    [Fact]
    public async Task A_run_that_finds_condemned_content_writes_it_again_under_another_name()
    {
        var vault = await OnAsync(_store);
        await SealAsync(vault, ("a", Large(1)));
        await SealAsync(vault, ("a", null));
        await PruneAllAsync(vault);
        await SweepAsync(vault);
        var condemned = Chunks(_store);
        await SealAsync(vault, ("back", Large(1)));
        Assert.True(Chunks(_store).Count > condemned.Count);
        foreach (var name in condemned)
            _store.Remove(name); // whoever read the list may delete at any time
        await AssertAsync(vault, ("back", Large(1)));
        await SweepAsync(vault);
        await AssertAsync(vault, ("back", Large(1)));
        await SealAsync(vault, ("back", null));
        await PruneAllAsync(vault);
        for (var week = 0; week < 4; week++, vault.Clock.Advance(TimeSpan.FromDays(7)))
            await SweepAsync(vault);
        Assert.Empty(Chunks(_store)); // editions go as well
    }

    private static byte[] Large(int seed) => AVault.Bytes(seed, 9000, compressible: false);

    private static async Task<(long, long, int)> Figures(Task<SweepResult> sweep) =>
        await sweep is var result ? (result.ChunksCondemned, result.ChunksDeleted, result.ListsWaiting) : default;

    private static Task<AVault> OnAsync(IBlobStore store) => AVault.OnAsync(store, AVault.SmallSizes with { GracePeriod = TimeSpan.Zero });

    private static Task<SweepResult> SweepAsync(AVault vault) => vault.Repository.SweepAsync(AVault.Mailbox.Tenant, default);

    private static async Task PruneAllAsync(AVault vault) => await (await vault.OpenAsync()).PruneAsync(new HashSet<long>(), default);

    private static HashSet<BlobName> Chunks(MemoryBlobStore store) => [.. store.Objects.Keys.Where(n =>
        n.Value.Contains("/content/", StringComparison.Ordinal) || n.Value.Contains("/rescued/", StringComparison.Ordinal))];

    private static async Task SealAsync(AVault vault, params (string Id, byte[]? Content)[] changes)
    {
        await using var run = await vault.BeginAsync();
        foreach (var (id, content) in changes)
            if (content is null)
                await run.RemoveAsync(id, default);
            else
                await run.PutAsync(id, content);
        await run.SealAsync();
    }

    private static async Task AssertAsync(AVault vault, params (string Id, byte[] Content)[] items)
    {
        var mailbox = await vault.OpenAsync();
        await using var reader = await mailbox.OpenPointAsync((await mailbox.ListPointsAsync(default))[^1].Sequence, default);
        Assert.Equal(items.Length, await reader.ItemsAsync(ItemFilter.All, default).CountAsync());
        foreach (var (id, content) in items)
            Assert.Equal(content, await reader.ReadAllAsync((await reader.FindAsync(id, default))!.Contents["mime"]));
        Assert.True((await mailbox.CheckAsync(CheckDepth.Full, null, default)).IsSound);
    }
}
