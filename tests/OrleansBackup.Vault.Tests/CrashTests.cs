using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests;

/// <summary>Whatever store call a run dies at: sealed points stay as they were, and the next run goes on and succeeds.</summary>
public sealed class CrashTests
{
    public static TheoryData<int> Faults => [.. Enum.GetValues<Fault>().Select(f => (int)f)];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Wherever_a_run_dies_the_sealed_points_are_intact_and_the_next_run_succeeds(int fault)
    {
        var before = new MemoryBlobStore();
        var first = await AVault.OnAsync(before);
        await RunAsync(first, day: 1);
        for (var at = 0; ; at++)
        {
            var store = before.Copy();
            var faulty = new FaultyBlobStore(store, at, (Fault)fault);
            var vault = first.Through(store);
            var died = await DiesAsync(() => RunAsync(first.Through(faulty), day: 2));
            if (!faulty.Played)
                break;
            Assert.Equal(died, (Fault)fault != Fault.AnsweredTwice);
            await AssertDayAsync(vault, point: 0, day: 1);
            await RunAsync(vault, day: 3);
            var points = await (await vault.OpenAsync()).ListPointsAsync(default);
            await AssertDayAsync(vault, point: 0, day: 1);
            if (points.Length == 3)
                await AssertDayAsync(vault, point: 1, day: 2);
            await AssertDayAsync(vault, points.Length - 1, day: 3);
            var report = await (await vault.OpenAsync()).CheckAsync(CheckDepth.Full, null, default);
            Assert.True(report.IsSound, string.Join("\n", report.Findings));
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Wherever_a_prune_dies_the_kept_points_are_intact_and_the_next_prune_succeeds(int fault)
    {
        var before = new MemoryBlobStore();
        var first = await AVault.OnAsync(before, AVault.SmallSizes with { GracePeriod = TimeSpan.Zero });
        for (var day = 1; day <= 5; day++)
            await RunAsync(first, day);
        var kept = (await (await first.OpenAsync()).ListPointsAsync(default)).Where((_, i) => i is 1 or 3).Select(p => p.Sequence).ToHashSet();
        for (var at = 0; ; at++)
        {
            var store = before.Copy();
            var faulty = new FaultyBlobStore(store, at, (Fault)fault);
            var vault = first.Through(store);
            await DiesAsync(async () => await (await first.Through(faulty).OpenAsync()).PruneAsync(kept, default));
            if (!faulty.Played)
                break;
            await (await vault.OpenAsync()).PruneAsync(kept, default);
            for (var (point, day) = (0, 2); point < 3; point++, day = point == 1 ? 4 : 5)
                await AssertDayAsync(vault, point, day);
            var report = await (await vault.OpenAsync()).CheckAsync(CheckDepth.Full, null, default);
            Assert.True(report.IsSound, string.Join("\n", report.Findings));
        }
    }

    private static async Task<bool> DiesAsync(Func<Task> act)
    {
        try { await act(); return false; }
        catch (Exception e) when (e is StoppedException or StoreFullException) { return true; }
    }

    /// <summary>Each day some items are new, some changed, some gone; in three segments.</summary>
    private static async Task RunAsync(AVault vault, int day)
    {
        await using var run = await vault.BeginAsync();
        foreach (var (id, content) in StateOf(day))
        {
            await run.PutAsync(id, content);
            if (run.PendingChanges == 4)
                await run.CommitSegmentAsync($"day {day} after {id}", default);
        }
        var gone = await run.ItemsAsync(ItemFilter.All, default).Where(i => !StateOf(day).ContainsKey(i.Id)).ToListAsync();
        foreach (var item in gone)
            await run.RemoveAsync(item.Id, default);
        await run.SealAsync();
    }

    private static SortedDictionary<string, byte[]> StateOf(int day)
    {
        var state = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        for (var i = day; i < day + 12; i++)
            state[$"item-{i:d3}"] = AVault.Bytes(seed: i % 3 == 0 ? i * 100 + day : i, length: i % 5 == 0 ? 6000 : 300 + i);
        return state;
    }

    private static async Task AssertDayAsync(AVault vault, int point, int day)
    {
        var mailbox = await vault.OpenAsync();
        var points = await mailbox.ListPointsAsync(default);
        await using var reader = await mailbox.OpenPointAsync(points[point].Sequence, default);
        var items = await reader.ItemsAsync(ItemFilter.All, default).ToListAsync();
        var state = StateOf(day);
        Assert.Equal(state.Keys, items.Select(i => i.Id));
        Assert.Equal(state.Count, reader.Point.ItemsByKind["message"]);
        foreach (var item in items)
            Assert.Equal(state[item.Id], await reader.ReadAllAsync(item.Contents["mime"]));
    }
}
