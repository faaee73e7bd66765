using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Plans;

namespace OrleansBackup.Domain.Contracts;

/// <summary>One term of a contract: the first, a renewal, or one of the months that follow each other.</summary>
/// <param name="Number">0 is the first term.</param>
/// <param name="Until">The last day; a contract can only end on one of these.</param>
public readonly record struct ContractTerm(int Number, DateOnly From, DateOnly Until);

/// <summary>How long a contract lasts, when it goes on by itself and when a notice ends it.</summary>
/// <remarks>
/// Pure. Terms are counted from the first day, never from each other, so that a day number that a month lacks does not shift all that follow. Sources: "Contractduur
/// standaard 12 maanden… opzegtermijn 30 dagen… stilzwijgend verlengd met 12 maanden"; "minimale contractduur van één jaar… opzegging per maand… één kalendermaand…
/// geteld vanaf het moment dat wij uw opzegging verwerkt hebben".
/// </remarks>
/// <param name="Start">From when the terms count.</param>
public sealed record TermRules(ContractTerms Terms, DateOnly Start, WorkingCalendar Calendar)
{
    /// <summary>The last day of the first term: before it no notice ends the contract.</summary>
    public DateOnly FirstTermEnd => StartOf(1).AddDays(-1);

    /// <summary>The term that a day lies in; for a contract that is not renewed the first, also after it.</summary>
    public ContractTerm TermOn(DateOnly day)
    {
        var number = 0;
        while (Terms.Renewal != Renewal.None && day >= StartOf(number + 1))
            number++;
        return Term(number);
    }

    public ContractTerm Term(int number) => new(number, StartOf(number), StartOf(number + 1).AddDays(-1));

    /// <summary>When a notice has to be processed at the latest.</summary>
    public DateOnly ProcessingDeadline(DateOnly received) => ContractDays.Deadline(received, Terms.NoticeProcessing, Calendar);

    /// <summary>The day from which the time of notice counts.</summary>
    /// <param name="processed">Null: nobody has yet; it counts as if it were done on the last day of the time for it.</param>
    /// <remarks>A provider who processes late does not lengthen the contract by that.</remarks>
    public DateOnly CountsFrom(DateOnly received, DateOnly? processed)
    {
        if (Terms.NoticeFrom == NoticeFrom.Received)
            return received;
        var deadline = ProcessingDeadline(received);
        return processed < deadline ? processed.Value : deadline;
    }

    /// <summary>The last day of the contract when notice counts from this day: the first end of a term on which the time of notice is over.</summary>
    public DateOnly EndFor(DateOnly countsFrom)
    {
        var over = NoticeOver(countsFrom);
        var term = Term(0);
        while (term.Until < over && Terms.Renewal != Renewal.None)
            term = Term(term.Number + 1);
        return term.Until;
    }

    /// <summary>The last day on which a notice can come in to end the contract at the end of this term, even if processing it takes all the time that it may take.</summary>
    public DateOnly LastNoticeDay(ContractTerm term)
    {
        var counts = LastCountingDay(term.Until);
        return Terms.NoticeFrom == NoticeFrom.Received || Terms.NoticeProcessing is not { } processing ? counts : processing.Unit switch
        {
            TermUnit.WorkingDays => Calendar.LastStart(counts, processing.Count),
            _ => LastStart(counts, processing),
        };
    }

    // The day on which the time of notice has passed.
    private DateOnly NoticeOver(DateOnly countsFrom) => ContractDays.Deadline(countsFrom, Terms.Notice, Calendar);

    private DateOnly LastCountingDay(DateOnly end)
    {
        if (Terms.Notice.Unit != TermUnit.CalendarMonths)
            return LastStart(end, Terms.Notice);
        var lastWhole = ContractDays.LastOfMonth(end) == end ? end : ContractDays.FirstOfMonth(end).AddDays(-1);
        return ContractDays.LastOfMonth(ContractDays.FirstOfMonth(lastWhole).AddMonths(-Terms.Notice.Count));
    }

    private DateOnly LastStart(DateOnly end, TermLength length)
    {
        if (length.Unit == TermUnit.Days)
            return end.AddDays(-length.Count);
        var day = end;
        while (ContractDays.Deadline(day, length, Calendar) > end)
            day = day.AddDays(-1);
        return day;
    }

    private DateOnly StartOf(int number)
    {
        if (number == 0)
            return Start;
        var second = ContractDays.After(Start, Terms.Term, 1, Calendar);
        if (number == 1)
            return second;
        if (Terms.Renewal == Renewal.Monthly)
            return ContractDays.FirstOfMonth(second).AddMonths(number - 1);
        return MonthsOf(Terms.Term) is { } first && MonthsOf(Terms.RenewalTerm) is { } next
            ? ContractDays.AfterMonths(Start, first + (number - 1) * next)
            : ContractDays.After(second, Terms.RenewalTerm, number - 1, Calendar);
    }

    private static int? MonthsOf(TermLength length) => length.Unit switch
    {
        TermUnit.Months => length.Count,
        TermUnit.Years => 12 * length.Count,
        _ => null,
    };
}
