using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests.Crashes;

/// <summary>A prune that merges layers, writes packs again and deletes what they took the place of, interrupted at every call in every way.</summary>
public sealed class RepackCrashTests
{
    private static readonly VaultOptions Options = AVault.SmallSizes with { TargetPackBytes = 1 << 20, GracePeriod = TimeSpan.FromHours(30) };

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_prune_that_writes_packs_again_costs_nothing_and_leaves_nothing_wherever_it_is_interrupted(int kind)
    {
        var interruption = (Interruption)kind;
        var (ready, now) = await ReadyAsync();
        for (var at = 0; ; at++)
        {
            var (store, clock) = (ready.Copy(), new ManualClock(now));
            var interrupted = new InterruptedBlobStore(store, at, interruption);
            try { await PruneAsync(AVault.Existing(interrupted, Options, clock: clock)); }
            catch (Exception e) when (e is StoppedException or StoreFullException) { } // what is to be tested: what is left
            try
            {
                AssertKept(store);
                var vault = AVault.Existing(store, Options, clock: clock);
                foreach (var time in new[] { TimeSpan.FromMinutes(1), Options.GracePeriod, Options.MergeAfter, Options.GracePeriod, Options.GracePeriod })
                {
                    clock.Advance(time);
                    await PruneAsync(vault);
                    AssertKept(store);
                }
                var resource = IndependentReading.Of(store).Open("contoso", "mailbox-1");
                Assert.Empty(resource.Garbage());
                Assert.DoesNotContain(store.Objects.Keys, n => resource.Condemned.Contains(n.Value));
                Assert.Contains(store.Objects.Keys, n => n.Value.Contains("/repacked/", StringComparison.Ordinal));
                Assert.Empty((await (await vault.OpenAsync()).CheckAsync(CheckDepth.Full, null, default)).Findings);
            }
            catch (Exception e) { throw new InvalidOperationException($"{interruption} at call {at}: {e.Message}", e); }
            if (!interrupted.Played)
                break;
        }
    }

    /// <summary>Two packs that are mostly dead once the older points go, and a prune before, whose objects are due.</summary>
    private static async Task<(MemoryBlobStore Store, DateTimeOffset Now)> ReadyAsync()
    {
        var (store, clock) = (new MemoryBlobStore(), new ManualClock());
        var vault = await AVault.OnAsync(store, Options, clock: clock);
        await RunAsync(vault, Enumerable.Range(0, 24), []);
        await RunAsync(vault, Enumerable.Range(24, 24), Enumerable.Range(0, 24).Where(i => i % 6 != 0));
        await PruneAsync(vault);
        clock.Advance(Options.GracePeriod);
        await RunAsync(vault, [], Enumerable.Range(24, 24).Where(i => i % 6 != 0));
        clock.Advance(TimeSpan.FromDays(1));
        return (store, clock.GetUtcNow());
    }

    private static async Task PruneAsync(AVault vault) => await (await vault.OpenAsync()).PruneAsync(new HashSet<long>(), default);

    private static void AssertKept(MemoryBlobStore store)
    {
        var resource = IndependentReading.Of(store).Open("contoso", "mailbox-1");
        var items = resource.Items(resource.Points[^1].Sequence);
        Assert.Equal(Enumerable.Range(0, 8).Select(i => $"item-{i * 6:d2}"), items.Keys);
        foreach (var (id, item) in items)
            Assert.Equal(ContentOf(int.Parse(id.AsSpan(5), System.Globalization.CultureInfo.InvariantCulture)), resource.Content(item.Contents["mime"]));
    }

    private static async Task RunAsync(AVault vault, IEnumerable<int> put, IEnumerable<int> gone)
    {
        await using var run = await vault.BeginAsync();
        foreach (var i in put)
            await run.PutAsync($"item-{i:d2}", ContentOf(i));
        foreach (var i in gone)
            await run.RemoveAsync($"item-{i:d2}", default);
        await run.SealAsync();
    }

    private static byte[] ContentOf(int item) => AVault.Bytes(item, 500, compressible: false);
}
