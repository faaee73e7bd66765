using Orleans;

namespace OrleansBackup.Domain.Retention;

/// <summary>Points that stay beyond the retention that was sold: the newest of each of the last so many weeks, months and years.</summary>
/// <remarks>Weeks begin on Monday; the present week, month and year count as the first. Zero: none.</remarks>
[GenerateSerializer, Immutable, Alias("keep-rules")]
public sealed record KeepRules([property: Id(0)] int Weeks, [property: Id(1)] int Months, [property: Id(2)] int Years)
{
    public static KeepRules None { get; } = new(0, 0, 0);

    /// <returns>What is wrong with them, or null.</returns>
    public string? Problem() => Weeks is < 0 or > 520 || Months is < 0 or > 1_200 || Years is < 0 or > 100
        ? "Points can be kept for up to 520 weeks, 1,200 months and 100 years." : null;

    /// <summary>The reasons for which a point of this day may stay, if it is the newest of its week, month or year.</summary>
    internal KeepReasons ReasonsFor(DateOnly day, DateOnly today) =>
        (Monday(today).DayNumber - Monday(day).DayNumber < 7 * Weeks ? KeepReasons.NewestOfWeek : KeepReasons.None)
        | (12 * (today.Year - day.Year) + today.Month - day.Month < Months ? KeepReasons.NewestOfMonth : KeepReasons.None)
        | (today.Year - day.Year < Years ? KeepReasons.NewestOfYear : KeepReasons.None);

    /// <summary>Whether two days lie in one week, month or year, as one of these reasons counts.</summary>
    internal static bool AreTogether(DateOnly one, DateOnly other, KeepReasons reason) => reason switch
    {
        KeepReasons.NewestOfWeek => Monday(one) == Monday(other),
        KeepReasons.NewestOfMonth => (one.Year, one.Month) == (other.Year, other.Month),
        KeepReasons.NewestOfYear => one.Year == other.Year,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Only weeks, months and years have a newest point."),
    };

    private static DateOnly Monday(DateOnly day) => day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
}
