using System.Globalization;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Metering;
using OrleansBackup.Domain.Notices;

namespace OrleansBackup.Domain.Invoicing;

/// <summary>The lines for users in a range of days: whole months together, and a line for each month that is charged by its days.</summary>
internal static class UserLines
{
    /// <param name="users">Below zero: it is taken back.</param>
    /// <param name="wholeMonths">The contract, where a month in which it begins or ends is charged whole; null: such a month is charged by its days. A month that is divided between
    /// two plans always is.</param>
    public static IEnumerable<InvoiceLine> Of(DayRange range, int users, Money userMonth, VatCode vat, LineKind kind, LineBasis basis, ContractTimeline? wholeMonths)
    {
        (DateOnly From, DateOnly Until, int Months)? whole = null;
        foreach (var (month, part) in range.ByMonth())
        {
            var charged = wholeMonths is null ? part
                : new DayRange(part.From == wholeMonths.Start ? month.First : part.From, part.Until == wholeMonths.End ? month.Last : part.Until);
            if (charged.Days == month.Days)
            {
                whole = (whole?.From ?? part.From, part.Until, (whole?.Months ?? 0) + 1);
                continue;
            }
            if (whole is { } before)
                yield return Months(before);
            whole = null;
            yield return Line(charged.From, charged.Until, users * charged.Days, QuantityUnit.UserDays, month.Days,
                $"{Math.Abs(users)} × {charged.Days} van {month.Days} dagen in {month}", $"{Math.Abs(users)} × {charged.Days} of {month.Days} days in {month}");
        }

        if (whole is { } last)
            yield return Months(last);

        InvoiceLine Months((DateOnly From, DateOnly Until, int Months) of) => Line(of.From, of.Until, users * of.Months, QuantityUnit.UserMonths, 1,
            of.Months == 1 ? Math.Abs(users) == 1 ? "1 gebruiker" : $"{Math.Abs(users)} gebruikers" : $"{Math.Abs(users)} × {of.Months} maanden",
            of.Months == 1 ? Math.Abs(users) == 1 ? "1 user" : $"{Math.Abs(users)} users" : $"{Math.Abs(users)} × {of.Months} months");

        InvoiceLine Line(DateOnly from, DateOnly until, int quantity, QuantityUnit unit, int per, string nl, string en) => new(
            0, kind, new($"{Title(kind).Nl}, {Day(from)} t/m {Day(until)}: {nl}", $"{Title(kind).En}, {Day(from)} to {Day(until)}: {en}"),
            from, until, quantity, unit, userMonth, per, InvoiceLine.AmountOf(quantity, userMonth, per), vat, basis);
    }

    private static BothLanguages Title(LineKind kind) => kind switch
    {
        LineKind.Users => new("Back-up van Microsoft 365, gebruikers", "Backup of Microsoft 365, users"),
        LineKind.UsersInAdvance => new("Back-up van Microsoft 365, gebruikers vooruit", "Backup of Microsoft 365, users in advance"),
        LineKind.AdvanceReturned => new("Terug: vooruit berekend en onder andere voorwaarden geleverd", "Returned: charged in advance and served on other terms"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
