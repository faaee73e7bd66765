using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Plans;

namespace OrleansBackup.Domain.Contracts;

/// <summary>Counts with the lengths of time that plans are written in. Pure; days of the contract's calendar.</summary>
public static class ContractDays
{
    /// <summary>The first day after so many lengths that begin on <paramref name="from"/>.</summary>
    /// <remarks>
    /// A month that lacks the day number gives the first day of the month after, so that a term is never shorter than was sold: a year from 29 February ends on
    /// the last day of the next February. Whole calendar months begin with the first that has not begun on <paramref name="from"/>.
    /// </remarks>
    public static DateOnly After(DateOnly from, TermLength length, int times, WorkingCalendar calendar) => length.Unit switch
    {
        TermUnit.Days => from.AddDays(length.Count * times),
        TermUnit.Months => AfterMonths(from, length.Count * times),
        TermUnit.Years => AfterMonths(from, 12 * length.Count * times),
        TermUnit.CalendarMonths => FirstOfMonth(from).AddMonths(1 + length.Count * times),
        TermUnit.WorkingDays => calendar.Add(from, length.Count * times).AddDays(1),
        var unit => throw new ArgumentOutOfRangeException(nameof(length), unit, "Unknown unit."),
    };

    /// <summary>The last day on which something is in time that may take so long after <paramref name="from"/>; null length: that day itself.</summary>
    public static DateOnly Deadline(DateOnly from, TermLength? length, WorkingCalendar calendar) => length switch
    {
        null => from,
        { Unit: TermUnit.WorkingDays } working => calendar.Add(from, working.Count),
        { Unit: TermUnit.CalendarMonths } whole => After(from, whole, 1, calendar).AddDays(-1),
        { } other => After(from, other, 1, calendar),
    };

    public static DateOnly FirstOfMonth(DateOnly day) => new(day.Year, day.Month, 1);

    public static DateOnly LastOfMonth(DateOnly day) => FirstOfMonth(day).AddMonths(1).AddDays(-1);

    internal static DateOnly AfterMonths(DateOnly from, int months)
    {
        var sameNumber = from.AddMonths(months);
        return sameNumber.Day == from.Day ? sameNumber : sameNumber.AddDays(1);
    }
}
