namespace OrleansBackup.Portal.Components;

/// <summary>The round numbers at which the lines of a plot stand. Pure.</summary>
internal static class PlotScale
{
    /// <returns>From 0 upwards, at most six, the last at or above <paramref name="highest"/>; 0 and 1 where nothing is.</returns>
    public static double[] Ticks(double highest)
    {
        if (highest <= 0)
            return [0, 1];
        var rough = highest / 4;
        var unit = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = unit * ((rough / unit) switch { <= 1 => 1, <= 2 => 2, <= 2.5 => 2.5, <= 5 => 5, _ => 10 });
        return [.. Enumerable.Range(0, (int)Math.Ceiling(highest / step - 1e-9) + 1).Select(count => count * step)];
    }
}
