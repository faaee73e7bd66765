using System.Globalization;

namespace OrleansBackup.Silo.Clock;

/// <summary>Remembers in the data folder how far an adjustable clock has come: after a restart time must not be earlier than before.</summary>
internal static class ClockKeeper
{
    /// <exception cref="FormatException">The file does not hold an offset.</exception>
    public static AdjustableClock Open(string path, ClockOptions options)
    {
        var kept = File.Exists(path) ? TimeSpan.ParseExact(File.ReadAllText(path).Trim(), "c", CultureInfo.InvariantCulture) : TimeSpan.MinValue;
        var asked = options.Start is { } start ? start - TimeProvider.System.GetUtcNow() : TimeSpan.Zero;
        var clock = new AdjustableClock(TimeProvider.System, kept > asked ? kept : asked);
        Keep(path, kept > asked ? kept : asked);
        clock.Shifted += offset => Keep(path, offset);
        return clock;
    }

    private static void Keep(string path, TimeSpan offset)
    {
        File.WriteAllText($"{path}.new", offset.ToString("c", CultureInfo.InvariantCulture));
        File.Move($"{path}.new", path, overwrite: true);
    }
}
