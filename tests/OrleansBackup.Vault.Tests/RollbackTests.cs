using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests;

/// <summary>A store that is set back to an earlier time is whole in itself; who remembers how far it had come notices. Older valid objects among
/// newer ones are found by the check, or change nothing.</summary>
public sealed class RollbackTests
{
    private static readonly VaultOptions Options = AVault.SmallSizes with { GracePeriod = TimeSpan.FromHours(30), SegmentsBeforeBase = 2 };

    [Fact]
    public async Task Every_earlier_state_of_the_whole_store_is_noticed_by_who_remembers_a_later_mark()
    {
        var (days, clock) = await LifeAsync();
        for (var later = 0; later < days.Count; later++)
        {
            var mark = await MarkAsync(days[later], clock);
            Assert.Equal(mark, VaultMark.Parse(mark.ToString()));
            for (var earlier = 0; earlier < days.Count; earlier++)
            {
                var vault = await AVault.Existing(days[earlier], Options, clock: clock).OpenAsync();
                if (earlier >= later)
                    await vault.EnsureNotRolledBackAsync(mark, default); // going on is no rollback, whatever was pruned since
                else
                    await Assert.ThrowsAsync<VaultRolledBackException>(() => vault.EnsureNotRolledBackAsync(mark, default));
            }
        }
    }

    [Fact]
    public async Task A_log_without_its_tail_and_a_log_that_went_another_way_are_noticed()
    {
        var (days, clock) = await LifeAsync();
        var (before, now) = (days[^2], days[^1]);
        var mark = await MarkAsync(now, clock);

        var cut = now.Copy();
        cut.Remove(now.Objects.Keys.Where(n => n.Value.Contains("/log/", StringComparison.Ordinal)).MaxBy(n => n.Value, StringComparer.Ordinal));
        await Assert.ThrowsAsync<VaultRolledBackException>(async () => await (await AVault.Existing(cut, Options, clock: clock).OpenAsync()).EnsureNotRolledBackAsync(mark, default));

        var fork = before.Copy();
        for (var day = 20; day < 23; day++)
            await ALife.RunAsync(AVault.Existing(fork, Options, clock: clock), day);
        await Assert.ThrowsAsync<VaultRolledBackException>(async () => await (await AVault.Existing(fork, Options, clock: clock).OpenAsync()).EnsureNotRolledBackAsync(mark, default));
    }

    [Fact]
    public async Task A_prune_record_that_was_taken_away_is_noticed()
    {
        var (days, clock) = await LifeAsync();
        var (store, mark) = (days[^1].Copy(), await MarkAsync(days[^1], clock));
        foreach (var newest in store.Objects.Keys.Where(n => n.Value.Contains($"/prune/{mark.Prune:d10}", StringComparison.Ordinal)).ToArray())
            store.Remove(newest);
        await Assert.ThrowsAsync<VaultRolledBackException>(async () => await (await AVault.Existing(store, Options, clock: clock).OpenAsync()).EnsureNotRolledBackAsync(mark, default));
    }

    [Fact]
    public async Task An_older_valid_object_put_back_is_found_or_changes_nothing()
    {
        var (days, clock) = await LifeAsync();
        var now = days[^1];
        var truth = await ReadAsync(now, clock);
        var played = 0;
        foreach (var (name, bytes) in days.SelectMany(d => d.Objects).DistinctBy(o => (o.Key, Convert.ToHexString(o.Value))))
        {
            if (now.Objects.TryGetValue(name, out var there) && there.AsSpan().SequenceEqual(bytes))
                continue;
            var replayed = now.Copy();
            replayed.Replace(name, bytes);
            played++;
            try
            {
                Assert.Equal(truth, await ReadAsync(replayed, clock));
                await ALife.RunAsync(AVault.Existing(replayed, Options, clock: clock), day: 30);
                ALife.AssertAllDays(IndependentReading.Of(replayed).Open("contoso", "mailbox-1"));
            }
            catch (VaultException)
            {
                Assert.False((await (await AVault.Existing(replayed, Options, clock: clock).OpenAsync()).CheckAsync(CheckDepth.Full, null, default)).IsSound, $"{name} replayed");
            }
        }
        Assert.True(played > 20, $"only {played} objects were replayed");
    }

    /// <summary>Copies of the store after each of some days, pruned daily, and the clock at their end.</summary>
    private static async Task<(List<MemoryBlobStore> Days, ManualClock Clock)> LifeAsync()
    {
        var (store, clock, days) = (new MemoryBlobStore(), new ManualClock(), new List<MemoryBlobStore>());
        var vault = await AVault.OnAsync(store, Options, clock: clock);
        for (var day = 1; day <= 7; day++)
        {
            await ALife.RunAsync(vault, day);
            var mailbox = await vault.OpenAsync();
            await mailbox.PruneAsync((await mailbox.ListPointsAsync(default)).TakeLast(2).Select(p => p.Sequence).ToHashSet(), default);
            clock.Advance(TimeSpan.FromDays(1));
            days.Add(store.Copy());
        }
        return (days, clock);
    }

    private static async Task<VaultMark> MarkAsync(MemoryBlobStore store, ManualClock clock) =>
        await (await AVault.Existing(store, Options, clock: clock).OpenAsync()).ReadMarkAsync(default);

    private static async Task<List<string>> ReadAsync(MemoryBlobStore store, ManualClock clock)
    {
        var (mailbox, read) = (await AVault.Existing(store, Options, clock: clock).OpenAsync(), new List<string>());
        foreach (var point in await mailbox.ListPointsAsync(default))
        {
            await using var reader = await mailbox.OpenPointAsync(point.Sequence, default);
            await foreach (var item in reader.ItemsAsync(ItemFilter.All, default))
                read.Add($"{point.Sequence} {item.Id} {Convert.ToHexString(await reader.ReadAllAsync(item.Contents["mime"]))}");
        }
        return read;
    }
}
