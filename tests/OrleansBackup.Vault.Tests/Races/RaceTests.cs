using System.Collections.Concurrent;
using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests.Races;

/// <summary>Two that both believe that the resource is theirs: exactly one wins each commit, and what is sealed is the truth of who sealed it.</summary>
public sealed class RaceTests
{
    private static readonly VaultOptions Options = AVault.SmallSizes with { SegmentsBeforeBase = 2, BlocksUnderWay = 1, GracePeriod = TimeSpan.FromDays(7) };

    [Fact]
    public async Task Of_two_writers_exactly_one_wins_each_commit_however_their_calls_interleave()
    {
        var (bothSealed, oneLost) = (0, 0);
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            var longest = random.Next(1, 25);
            var (store, wins) = (await BegunAsync(), new ConcurrentBag<string>());
            var turns = new Turns(2, () => random.Next(1, longest + 1));
            var sealedPoints = await Task.WhenAll(Enumerable.Range(0, 2).Select(writer => Task.Run(async () =>
            {
                var name = writer == 0 ? "a" : "b";
                var vault = AVault.Existing(new CommitWatch(turns.Of(writer, store), wins), Options);
                try { return await ALife.RunAsync(vault, day: 3, name); }
                catch (VaultException e) when (e is SegmentTakenException) { return null; }
                finally { turns.End(writer); }
            })));
            try
            {
                Assert.Equal(wins.Distinct().Count(), wins.Count);
                (bothSealed, oneLost) = sealedPoints.Any(p => p is null) ? (bothSealed, oneLost + 1) : (bothSealed + 1, oneLost);
                await VerifyAsync(store, sealedPoints.OfType<RestorePoint>().Select(p => p.Sequence));
            }
            catch (Exception e) { throw new InvalidOperationException($"seed {seed}: {e.Message}", e); }
        }
        Assert.True(oneLost > 20, $"only {oneLost} of the interleavings were a race");
    }

    [Fact]
    public async Task A_writer_frozen_at_any_call_while_another_runs_and_prunes_corrupts_nothing_when_it_thaws()
    {
        foreach (var frozenFor in new[] { TimeSpan.FromHours(5), TimeSpan.FromDays(20) })
        {
            for (var at = 1; ; at++)
            {
                var (store, clock, turns) = (await BegunAsync(), new ManualClock(), 0);
                var plan = new Turns(2, () => turns++ == 0 ? at : -1); // the first to the given call, the second to its end, then the first
                var (thawed, othersNewest, lateSeal) = (0, 0L, (RestorePoint?)null);
                var frozen = Task.Run(async () =>
                {
                    var vault = AVault.Existing(new CallCounter(plan.Of(0, store), () => thawed++), Options, clock: clock);
                    try
                    {
                        var point = await ALife.RunAsync(vault, day: 3, "a");
                        lateSeal = othersNewest > 0 ? point : null;
                    }
                    catch (VaultException) { } // told that it has lost; the type says how
                    finally { plan.End(0); }
                });
                var other = Task.Run(async () =>
                {
                    try { othersNewest = (await LiveAsync(AVault.Existing(plan.Of(1, store), Options, clock: clock), clock, frozenFor)).Sequence; }
                    finally { plan.End(1); }
                });
                await Task.WhenAll(frozen, other);
                try { await VerifyAsync(store, lateSeal is null ? [othersNewest] : [othersNewest, lateSeal.Sequence]); }
                catch (Exception e) { throw new InvalidOperationException($"frozen for {frozenFor} at call {at}: {e.Message}", e); }
                if (thawed <= at)
                    break; // it had come to its end before it was to freeze
            }
        }
    }

    /// <summary>The other writer's days: a run, time passes, prunes that keep its newest point only.</summary>
    private static async Task<RestorePoint> LiveAsync(AVault vault, ManualClock clock, TimeSpan time)
    {
        await ALife.RunAsync(vault, day: 3, "b");
        var mailbox = await vault.OpenAsync();
        await mailbox.PruneAsync(new HashSet<long>(), default);
        clock.Advance(time);
        var newest = await ALife.RunAsync(vault, day: 4, "b");
        await mailbox.PruneAsync(new HashSet<long> { newest.Sequence }, default);
        clock.Advance(time);
        await mailbox.PruneAsync(new HashSet<long> { newest.Sequence }, default);
        return newest;
    }

    private static async Task<MemoryBlobStore> BegunAsync()
    {
        var store = new MemoryBlobStore();
        var vault = await AVault.OnAsync(store, Options);
        await ALife.RunAsync(vault, day: 1);
        await ALife.RunAsync(vault, day: 2);
        return store;
    }

    /// <summary>Every sealed point is there and the truth, and the resource goes on.</summary>
    private static async Task VerifyAsync(MemoryBlobStore store, IEnumerable<long> sealedPoints)
    {
        var resource = IndependentReading.Of(store).Open("contoso", "mailbox-1");
        ALife.AssertAllDays(resource);
        Assert.Subset(resource.Points.Select(p => (long)p.Sequence).ToHashSet(), sealedPoints.ToHashSet());
        var vault = AVault.Existing(store, Options);
        await ALife.RunAsync(vault, day: 5);
        ALife.AssertAllDays(IndependentReading.Of(store).Open("contoso", "mailbox-1"));
        Assert.True((await (await vault.OpenAsync()).CheckAsync(CheckDepth.Full, null, default)).IsSound);
    }

    /// <summary>Notes each segment that a writer was told it had created.</summary>
    private sealed class CommitWatch(IBlobStore inner, ConcurrentBag<string> wins) : DelegatingBlobStore(inner)
    {
        public override async Task<bool> PutIfAbsentAsync(BlobName name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
        {
            var created = await base.PutIfAbsentAsync(name, bytes, cancellation);
            if (created && name.Value.Contains("/log/", StringComparison.Ordinal))
                wins.Add(name.Value);
            return created;
        }
    }

    private sealed class CallCounter(IBlobStore inner, Action count) : DelegatingBlobStore(inner)
    {
        protected override void Called() => count();
    }
}
