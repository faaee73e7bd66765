using System.Globalization;

namespace OrleansBackup.Benchmarks.Cluster;

/// <summary>What one of many things cost.</summary>
internal static class Costs
{
    public static Figure Milliseconds(string what, TimeSpan all, long count, string? target = null) => Ratio(what, all.TotalMilliseconds / count, target);

    public static Figure Each(string what, long all, long count, string? target = null) => Ratio(what, (double)all / count, target);

    public static Figure Ratio(string what, double value, string? target = null) => new(what, value.ToString("0.00", CultureInfo.InvariantCulture), target) { Number = value };

    public static double Median(IEnumerable<double> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;
}
