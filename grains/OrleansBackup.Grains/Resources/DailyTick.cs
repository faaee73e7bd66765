namespace OrleansBackup.Grains.Resources;

/// <summary>Decides whether the daily reminder still ticks at the resource's moment by itself. Registering it anew is a write to the database for each resource and day.</summary>
/// <remarks>It does not when the clocks were changed, the window is another, or the tick came before the moment that it is for.</remarks>
internal static class DailyTick
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    /// <param name="firstTick">From when the reminder counts its periods, UTC.</param>
    /// <param name="next">The resource's next moment.</param>
    public static bool ComesAgain(DateTime firstTick, TimeSpan period, DateTimeOffset next, DateTimeOffset now)
    {
        if (period <= TimeSpan.Zero || next - now < period / 2 || next - now > period + Tolerance)
            return false;
        var late = (firstTick.Ticks - next.UtcTicks) % period.Ticks;
        return (late < 0 ? late + period.Ticks : late) <= Tolerance.Ticks;
    }
}
