using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests.Sweep;

/// <summary>
/// A sweep and a run beside each other, with one of the two stopped, or asleep for a week, at every single call to the store. Whatever
/// happens, each restore point that was sealed restores in full, the next run succeeds, and no space stays taken for ever.
/// </summary>
public sealed class SweepFaultTests
{
    private static readonly VaultOptions Options = AVault.SmallSizes with { GracePeriod = TimeSpan.Zero, BlocksUnderWay = 1 };

    [Fact]
    public async Task A_sweep_killed_between_any_two_of_its_steps_loses_nothing_and_leaves_nothing_for_ever()
    {
        foreach (var fault in new[] { Fault.Stopped, Fault.StoppedAfter, Fault.AnsweredTwice })
            for (var at = 0; ; at++)
            {
                var (vault, store) = await ReadyAsync();
                var faulty = new FaultyBlobStore(store, at, fault);
                try { await SweepAsync(vault.Through(faulty)); }
                catch (StoppedException) { } // what is to be tested: what the next process finds
                await RunAsync(vault, ("back", Large(2))); // wants again what was condemned
                await AssertAsync(vault, ("kept", Large(1)), ("back", Large(2)));
                await EndAsync(vault, store, mayLeaveList: faulty.Played);
                if (!faulty.Played)
                    break;
            }
    }

    [Fact]
    public async Task A_run_that_sleeps_for_a_week_at_any_of_its_steps_while_sweeps_go_on_seals_what_it_says_or_nothing()
    {
        for (var at = 0; ; at++)
        {
            var (vault, store) = await ReadyAsync();
            var sleepy = new StoppableBlobStore(store, at);
            var run = RunAsync(vault.Through(sleepy), ("back", Large(2)), ("large", Large(3)));
            if (await Task.WhenAny(run, sleepy.Asleep) == run && !sleepy.Asleep.IsCompleted)
            {
                await run;
                break; // it has no step more
            }
            for (var sweep = 0; sweep < 4; sweep++)
            {
                vault.Clock.Advance(TimeSpan.FromDays(4));
                await SweepAsync(vault);
            }
            sleepy.Wake();
            var isSealed = true;
            try { await run; }
            catch (SegmentTakenException) { isSealed = false; } // the sweep did not wait for ever; the run begins again
            catch (DamagedObjectException e) when (e.IsMissing) { isSealed = false; }
            if (isSealed)
                await AssertAsync(vault, ("kept", Large(1)), ("back", Large(2)), ("large", Large(3)));
            await RunAsync(vault, ("back", Large(2)), ("large", Large(3)));
            await AssertAsync(vault, ("kept", Large(1)), ("back", Large(2)), ("large", Large(3)));
        }
    }

    [Fact]
    public async Task A_sweep_that_sleeps_for_a_week_at_any_of_its_steps_deletes_nothing_that_somebody_wanted_meanwhile()
    {
        for (var at = 0; ; at++)
        {
            var (vault, store) = await ReadyAsync();
            var sleepy = new StoppableBlobStore(store, at);
            var sweep = SweepAsync(vault.Through(sleepy));
            if (await Task.WhenAny(sweep, sleepy.Asleep) == sweep && !sleepy.Asleep.IsCompleted)
            {
                await sweep;
                break;
            }
            await RunAsync(vault, ("back", Large(2)));
            vault.Clock.Advance(TimeSpan.FromDays(7));
            await SweepAsync(vault);
            await RunAsync(vault, ("more", Large(2)), ("new", Large(4)));
            vault.Clock.Advance(TimeSpan.FromDays(-9)); // somebody sets the clock right
            await SweepAsync(vault);
            sleepy.Wake();
            await sweep;
            await AssertAsync(vault, ("kept", Large(1)), ("back", Large(2)), ("more", Large(2)), ("new", Large(4)));
            await RunAsync(vault, ("again", Large(2)));
            await SweepAsync(vault);
            await AssertAsync(vault, ("kept", Large(1)), ("back", Large(2)), ("more", Large(2)), ("new", Large(4)), ("again", Large(2)));
        }
    }

    [Fact]
    public async Task The_first_run_of_a_resource_that_a_sweep_cannot_see_yet_is_waited_for_as_well()
    {
        for (var at = 0; ; at++)
        {
            var (vault, store) = await ReadyAsync();
            var sleepy = new StoppableBlobStore(store, at);
            var fresh = RunOnAsync(vault.Through(sleepy), "mailbox-new", ("first", Large(2)));
            if (await Task.WhenAny(fresh, sleepy.Asleep) == fresh && !sleepy.Asleep.IsCompleted)
            {
                await fresh;
                break;
            }
            for (var sweep = 0; sweep < 3; sweep++)
            {
                await RunAsync(vault);
                vault.Clock.Advance(TimeSpan.FromDays(4));
                await SweepAsync(vault);
            }
            sleepy.Wake();
            try { await fresh; }
            catch (SegmentTakenException) { }
            catch (DamagedObjectException e) when (e.IsMissing) { }
            await RunOnAsync(vault, "mailbox-new", ("first", Large(2)));
            var resource = await vault.Repository.OpenAsync(new("contoso", "mailbox-new"), default);
            Assert.True((await resource.CheckAsync(CheckDepth.Full, null, default)).IsSound, $"asleep at call {at}");
        }
    }

    [Fact]
    public async Task Two_sweeps_at_once_in_any_order_of_their_steps_do_no_more_than_one()
    {
        for (var at = 0; ; at++)
        {
            var (vault, store) = await ReadyAsync();
            var slow = new StoppableBlobStore(store, at);
            var first = SweepAsync(vault.Through(slow));
            await Task.WhenAny(first, slow.Asleep);
            await SweepAsync(vault);
            slow.Wake();
            await first;
            await AssertAsync(vault, ("kept", Large(1)));
            await EndAsync(vault, store, mayLeaveList: false);
            if (!slow.Asleep.IsCompleted)
                break;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Content_that_a_run_stored_before_one_commit_and_names_in_the_next_is_looked_at_again(bool isDeleted)
    {
        var (vault, store) = await ReadyAsync();
        await using (var run = await vault.BeginAsync())
        {
            var stored = await run.StoreAsync(Large(5), default); // known content, alive: nobody names it, and no sweep has found that yet
            await SweepAsync(vault);
            await run.PutAsync("other", AVault.Bytes(9, 100));
            await run.CommitSegmentAsync("half", default);
            if (isDeleted)
                Assert.True((await SweepAsync(vault)).ChunksDeleted > 0);
            await run.UpsertAsync(AVault.Item("late", contents: ("mime", stored)), default);
            await run.SealAsync();
        }
        await SweepAsync(vault); // deletes what was condemned; the run wrote it again
        await AssertAsync(vault, ("kept", Large(1)), ("late", Large(5)));
    }

    private static byte[] Large(int seed) => AVault.Bytes(seed, 3000, compressible: false);

    /// <summary>A vault in which a list waits to be deleted by (of content 2), content 5 waits to be condemned, and content 1 is needed.</summary>
    private static async Task<(AVault Vault, MemoryBlobStore Store)> ReadyAsync()
    {
        var store = new MemoryBlobStore();
        var vault = await AVault.OnAsync(store, Options);
        await RunAsync(vault, ("kept", Large(1)), ("gone", Large(2)));
        await RunAsync(vault, ("gone", null), ("later", Large(5)));
        await PruneAsync(vault);
        Assert.True((await SweepAsync(vault)).ChunksCondemned > 0);
        await RunAsync(vault, ("later", null));
        await PruneAsync(vault);
        return (vault, store);
    }

    private static async Task EndAsync(AVault vault, MemoryBlobStore store, bool mayLeaveList)
    {
        await RunAsync(vault, ("kept", null), ("back", null));
        await PruneAsync(vault);
        for (var week = 0; week < 3; week++)
        {
            await SweepAsync(vault);
            vault.Clock.Advance(TimeSpan.FromDays(7));
        }
        Assert.DoesNotContain(store.Objects.Keys, n => n.Value.Contains("/content/", StringComparison.Ordinal) || n.Value.Contains("/rescued/", StringComparison.Ordinal));
        if (!mayLeaveList)
            Assert.DoesNotContain(store.Objects.Keys, n => n.Value.Contains("/sweep/", StringComparison.Ordinal));
    }

    private static Task<SweepResult> SweepAsync(AVault vault) => vault.Repository.SweepAsync(AVault.Mailbox.Tenant, default);

    private static async Task PruneAsync(AVault vault) => await (await vault.OpenAsync()).PruneAsync(new HashSet<long>(), default);

    private static Task RunAsync(AVault vault, params (string Id, byte[]? Content)[] changes) => RunOnAsync(vault, AVault.Mailbox.Resource, changes);

    private static async Task RunOnAsync(AVault vault, string resource, params (string Id, byte[]? Content)[] changes)
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

    private static async Task AssertAsync(AVault vault, params (string Id, byte[] Content)[] items)
    {
        var mailbox = await vault.OpenAsync();
        await using var reader = await mailbox.OpenPointAsync((await mailbox.ListPointsAsync(default))[^1].Sequence, default);
        foreach (var (id, content) in items)
            Assert.Equal(content, await reader.ReadAllAsync((await reader.FindAsync(id, default))!.Contents["mime"]));
        Assert.True((await mailbox.CheckAsync(CheckDepth.Full, null, default)).IsSound);
    }
}
