using OrleansBackup.Vault.Tests.IndependentReader;

namespace OrleansBackup.Vault.Tests.Given;

/// <summary>A mailbox whose every day is known: some items are new, some changed, some gone, small and large. The truth that readers are held to.</summary>
internal static class ALife
{
    private const int ItemsADay = 7;

    /// <summary>What a point sealed on this day must hold. Two writers have a state of their own each.</summary>
    public static SortedDictionary<string, byte[]> StateOf(int day, string writer = "")
    {
        var state = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        for (var i = day; i < day + ItemsADay; i++)
            state[$"item-{i:d3}{writer}"] = AVault.Bytes(seed: i % 3 == 0 ? i * 100 + day : i, length: i % 5 == 0 ? 6000 + i : 300 + i);
        return state;
    }

    /// <summary>Brings the vault to the day's state in three segments and seals it.</summary>
    public static async Task<RestorePoint> RunAsync(AVault vault, int day, string writer = "")
    {
        await using var run = await vault.BeginAsync();
        return await BringAsync(run, day, writer);
    }

    public static async Task<RestorePoint> BringAsync(RunWriter run, int day, string writer = "")
    {
        var state = StateOf(day, writer);
        foreach (var (id, content) in state)
        {
            await run.PutAsync(id, content);
            if (run.PendingChanges == 3)
                await run.CommitSegmentAsync($"day {day} after {id}", default);
        }
        foreach (var item in await run.ItemsAsync(ItemFilter.All, default).Where(i => !state.ContainsKey(i.Id)).ToListAsync())
            await run.RemoveAsync(item.Id, default);
        return await run.SealAsync($"{day}{writer}", AVault.NoDetails.Add("day", $"{day}{writer}"), default);
    }

    /// <summary>Asserts that the point at this place of the list is that day's, byte for byte, as the independent reader sees it.</summary>
    public static void AssertDay(IndependentResource resource, int point, int day, string writer = "") => AssertDay(resource, resource.Points[point], day, writer);

    public static void AssertDay(IndependentResource resource, ReadPoint point, int day, string writer = "")
    {
        var (state, items) = (StateOf(day, writer), resource.Items(point.Sequence));
        Assert.Equal($"{day}{writer}", point.Details["day"]);
        Assert.Equal(state.Keys, items.Keys);
        Assert.Equal((ulong)state.Count, point.Counts["message"]);
        foreach (var (id, item) in items)
            Assert.Equal(state[id], resource.Content(item.Contents["mime"]));
    }

    /// <summary>Asserts that every point is what its details say it is.</summary>
    public static void AssertAllDays(IndependentResource resource)
    {
        foreach (var point in resource.Points)
        {
            var text = point.Details["day"];
            AssertDay(resource, point, int.Parse(text.TrimEnd('a', 'b'), System.Globalization.CultureInfo.InvariantCulture), text.TrimStart([.. "0123456789"]));
        }
    }
}
