using System.Diagnostics;
using System.Globalization;
using OrleansBackup.Microsoft365;
using OrleansBackup.Vault;

namespace OrleansBackup.Benchmarks.Workloads;

/// <summary>A first backup and a run without change, with what Microsoft's limits would make of their requests.</summary>
internal static class FirstAndUnchanged
{
    /// <param name="kinds">What counts as an item.</param>
    /// <param name="itemsAtLimit">Items a second that the limit allows, from the requests of one.</param>
    /// <param name="limit">That limit in words.</param>
    public static async Task<IReadOnlyList<Figure>> MeasureAsync(
        Func<GraphStatistics> statistics, Func<CancellationToken, Task<RestorePoint>> backUp, string[] kinds, Func<double, double> itemsAtLimit, string limit, CancellationToken cancellation)
    {
        var (before, watch) = (statistics(), Stopwatch.StartNew());
        var point = await backUp(cancellation);
        var (first, time) = (statistics().Since(before), watch.Elapsed);
        (before, watch) = (statistics(), Stopwatch.StartNew());
        await backUp(cancellation);
        var (second, secondTime) = (statistics().Since(before), watch.Elapsed);
        var items = kinds.Sum(kind => point.ItemsByKind.GetValueOrDefault(kind));
        var (perSecond, perItem) = (items / time.TotalSeconds, (double)first.Requests / items);
        return
        [
            new("items", Number(items, "0")),
            new("first backup: items/s, without limits", Number(perSecond)),
            new("first backup: requests per item", Number(perItem, "0.000")),
            new($"items/s that {limit} allow", Number(itemsAtLimit(perItem))),
            new("share of that limit that this machine would use", Number(Math.Min(1, perSecond / itemsAtLimit(perItem)) * 100, "0") + " %"),
            new("no-change run: requests", Number(second.Requests, "0")),
            new("no-change run: time", Number(secondTime.TotalMilliseconds, "0") + " ms"),
        ];
    }

    private static string Number(double value, string form = "0.0") => value.ToString(form, CultureInfo.InvariantCulture);
}
