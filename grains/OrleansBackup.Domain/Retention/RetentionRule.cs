using Orleans;

namespace OrleansBackup.Domain.Retention;

/// <summary>How long a restore point is owed: a number of days, or of calendar months. Exactly one of the two is set.</summary>
/// <param name="Days">A point for each of the last so many days; today counts as the first.</param>
/// <param name="CalendarMonths">Until the end of the same day number so many months later.</param>
/// <param name="LegalHold">Nothing expires while this stands.</param>
/// <remarks>Source: the service descriptions' retention clauses: "90 dagen" and "1 kalendermaand".</remarks>
[GenerateSerializer, Immutable, Alias("retention-rule")]
public sealed record RetentionRule([property: Id(0)] int? Days, [property: Id(1)] int? CalendarMonths, [property: Id(2)] bool LegalHold)
{
    /// <summary>What stays beyond that.</summary>
    [Id(3)] public KeepRules Keep { get; init; } = KeepRules.None;

    public static RetentionRule OfDays(int days) => new(days, null, false);

    public static RetentionRule OfCalendarMonths(int months) => new(null, months, false);

    /// <returns>What is wrong with it, or null.</returns>
    public string? Problem() => (Days, CalendarMonths) switch
    {
        (null, null) => "Retention needs a number of days or of calendar months.",
        (not null, not null) => "Retention takes days or calendar months, not both.",
        ( < 1 or > 36_500, _) => "Retention must keep between 1 and 36,500 days.",
        (_, < 1 or > 1_200) => "Retention must keep between 1 and 1,200 calendar months.",
        _ => Keep.Problem(),
    };

    /// <summary>The last day on which a point of <paramref name="pointDay"/> is still owed.</summary>
    /// <remarks>
    /// A month that lacks the day number gives the first day of the month after: a point of 31 January is owed until 1 March,
    /// never shorter than the calendar month that was sold.
    /// </remarks>
    public DateOnly LastOwedDay(DateOnly pointDay)
    {
        if (Days is { } days)
            return pointDay.AddDays(days - 1);
        var sameNumber = pointDay.AddMonths(CalendarMonths ?? throw new InvalidOperationException(Problem()));
        return sameNumber.Day == pointDay.Day ? sameNumber : sameNumber.AddDays(1);
    }
}
