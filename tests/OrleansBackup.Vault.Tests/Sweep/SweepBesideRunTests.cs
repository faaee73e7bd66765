using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests.Sweep;

/// <summary>A run that is going while sweeps come and die, and a run that dies while sweeps go on: at every call to the store.</summary>
public sealed class SweepBesideRunTests
{
    private static readonly VaultOptions Options = AVault.SmallSizes with { GracePeriod = TimeSpan.Zero, BlocksUnderWay = 1 };

    [Fact]
    public async Task A_sweep_that_dies_at_any_call_while_a_run_goes_on_takes_nothing_from_the_run()
    {
        foreach (var fault in new[] { Fault.Stopped, Fault.StoppedAfter })
            for (var at = 0; ; at++)
            {
                var vault = await ReadyAsync();
                await using var run = await vault.BeginAsync();
                await run.PutAsync("waiting", Large(2)); // condemned already: written again
                var later = await run.StoreAsync(Large(3), default); // nobody names it, and the sweep is about to find that
                var faulty = new FaultyBlobStore(vault.Store, at, fault);
                try { await SweepAsync(vault.Through(faulty)); }
                catch (StoppedException) { } // what is to be tested: what the run and the next sweeps make of it
                await run.UpsertAsync(AVault.Item("later", contents: ("mime", later)), default);
                await run.CommitSegmentAsync("half", default);
                await SweepAsync(vault);
                await run.SealAsync();
                await SweepAsync(vault);
                await AssertAsync(vault, $"{fault} at call {at}");
                if (!faulty.Played)
                    break;
            }
    }

    [Fact]
    public async Task A_run_that_dies_at_any_call_while_sweeps_go_on_is_followed_by_one_that_seals_everything()
    {
        foreach (var fault in new[] { Fault.Stopped, Fault.StoppedAfter })
            for (var at = 0; ; at++)
            {
                var vault = await ReadyAsync();
                var faulty = new FaultyBlobStore(vault.Store, at, fault);
                try { await RunAsync(vault.Through(faulty), sweepBetween: () => SweepAsync(vault)); }
                catch (StoppedException) { } // what is to be tested: what the next run finds
                await SweepAsync(vault);
                await SweepAsync(vault);
                await RunAsync(vault, sweepBetween: () => SweepAsync(vault));
                await SweepAsync(vault);
                await AssertAsync(vault, $"{fault} at call {at}");
                if (!faulty.Played)
                    break;
            }
    }

    private static async Task RunAsync(AVault vault, Func<Task> sweepBetween)
    {
        await using var run = await vault.BeginAsync();
        await run.PutAsync("waiting", Large(2));
        await sweepBetween();
        await run.PutAsync("later", Large(3));
        await run.CommitSegmentAsync("half", default);
        await sweepBetween();
        await run.SealAsync();
    }

    private static async Task AssertAsync(AVault vault, string when)
    {
        var mailbox = await vault.OpenAsync();
        await using var reader = await mailbox.OpenPointAsync((await mailbox.ListPointsAsync(default))[^1].Sequence, default);
        foreach (var (id, seed) in new[] { ("kept", 1), ("waiting", 2), ("later", 3) })
            Assert.True(await reader.ReadAllAsync((await reader.FindAsync(id, default))!.Contents["mime"]) is var read && read.AsSpan().SequenceEqual(Large(seed)), $"{id}, {when}");
        Assert.True((await mailbox.CheckAsync(CheckDepth.Full, null, default)).IsSound, when);
    }

    /// <summary>Content 1 is needed, 2 is on a list that waits, 3 is there and named by nobody.</summary>
    private static async Task<AVault> ReadyAsync()
    {
        var vault = await AVault.OnAsync(new MemoryBlobStore(), Options);
        await ChangeAsync(vault, ("kept", 1), ("gone", 2), ("next", 3));
        await ChangeAsync(vault, ("gone", null));
        await (await vault.OpenAsync()).PruneAsync(new HashSet<long>(), default);
        Assert.True((await SweepAsync(vault)).ChunksCondemned > 0);
        await ChangeAsync(vault, ("next", null));
        await (await vault.OpenAsync()).PruneAsync(new HashSet<long>(), default);
        return vault;
    }

    private static async Task ChangeAsync(AVault vault, params (string Id, int? Seed)[] changes)
    {
        await using var run = await vault.BeginAsync();
        foreach (var (id, seed) in changes)
            if (seed is { } content)
                await run.PutAsync(id, Large(content));
            else
                await run.RemoveAsync(id, default);
        await run.SealAsync();
    }

    private static Task<SweepResult> SweepAsync(AVault vault) => vault.Repository.SweepAsync(AVault.Mailbox.Tenant, default);

    private static byte[] Large(int seed) => AVault.Bytes(seed, 3000, compressible: false);
}
