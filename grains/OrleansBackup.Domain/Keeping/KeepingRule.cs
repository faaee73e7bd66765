using Orleans;

namespace OrleansBackup.Domain.Keeping;

/// <summary>How long a business keeps its books. Pure.</summary>
/// <remarks>
/// Source: article 52, paragraph 4 of the Dutch General Tax Act (AWR): seven years. They are counted from the end of the book year in which the last thing happened to a document, and
/// not from the document's own day: a payment or a credit note is a fact about the invoice, and the claim itself cannot be enforced any more after five years (article 3:307 of the Civil Code).
/// </remarks>
/// <param name="Years">Whole years after the end of the book year; at least seven.</param>
/// <param name="YearEndsIn">The last month of the provider's book year: 12 where it is the calendar's.</param>
[GenerateSerializer, Immutable, Alias("keeping-rule")]
public sealed record KeepingRule([property: Id(0)] int Years, [property: Id(1)] int YearEndsIn)
{
    public const int LegalYears = 7;

    public static readonly KeepingRule Legal = new(LegalYears, 12);

    /// <summary>The last day of the book year that a day lies in.</summary>
    public DateOnly YearEndOf(DateOnly day) => LastDay(day.Month <= YearEndsIn ? day.Year : day.Year + 1);

    /// <summary>The last day on which a document must still be there.</summary>
    /// <param name="last">The day on which something happened to it last.</param>
    public DateOnly KeptUntil(DateOnly last) => LastDay(YearEndOf(last).Year + Years);

    public bool MayGo(DateOnly last, DateOnly today) => today > KeptUntil(last);

    /// <summary>What happened last on one of these days or before may go.</summary>
    /// <returns>The first day that must still be kept.</returns>
    public DateOnly KeptFrom(DateOnly today)
    {
        var end = YearEndOf(today).Year - Years - 1; // the book year of today is not over
        return LastDay(end).AddDays(1);
    }

    // Of February it is the 28th or the 29th, as that year has it.
    private DateOnly LastDay(int year) => new(year, YearEndsIn, DateTime.DaysInMonth(year, YearEndsIn));
}
