namespace OrleansBackup.Domain.Schedule;

/// <summary>When a resource's stored bytes are read again, so that all of them are within thirty days.</summary>
/// <remarks>
/// Pure: reads no clock. A round has <see cref="SlicesOfRound"/> slices, one a day; days that were missed are made up for, a few slices a day.
/// Source: design of the vault, "Verification".
/// </remarks>
public static class ScrubSchedule
{
    /// <summary>Two less than the days in which everything is to be read: a missed day is made up for in time.</summary>
    public const int SlicesOfRound = 28;

    private const int MostSlicesADay = 4;
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan LeastPause = TimeSpan.FromHours(18);

    /// <param name="roundBegan">When the round under way began; null: none is.</param>
    /// <param name="slicesRead">Slices of that round so far.</param>
    /// <param name="lastSlice">When the last slice was read; null: never.</param>
    /// <returns>How many slices to read now; 0: none is due.</returns>
    public static int SlicesDue(DateTimeOffset? roundBegan, int slicesRead, DateTimeOffset? lastSlice, DateTimeOffset now)
    {
        if (lastSlice is { } last && now - last < LeastPause)
            return 0;
        if (roundBegan is not { } began)
            return 1;
        var behind = (int)Math.Min(SlicesOfRound, (now - began) / Day + 1) - slicesRead;
        return Math.Clamp(behind, 1, MostSlicesADay);
    }
}
