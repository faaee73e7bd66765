using System.Globalization;
using OrleansBackup.GrainInterfaces.Billing;
using OrleansBackup.Grains.Ledger;

namespace OrleansBackup.Grains.Billing;

/// <summary>The provider's one series of numbers for each year, without a gap. Pure.</summary>
internal static class InvoiceNumbers
{
    /// <summary>Gives a cause the next number.</summary>
    public static InvoiceBookState Next(InvoiceBookState state, string cause, DateOnly day)
    {
        // Numbers rise with their days: a clock that went back does not put an invoice before an earlier number.
        var dated = state.Reserved.Values.Select(one => one.Day).Append(day).Max();
        var next = state.Years.GetValueOrDefault(dated.Year) + 1;
        return state with { Years = state.Years.SetItem(dated.Year, next), Reserved = state.Reserved.SetItem(cause, new(Write(dated.Year, next), dated)) };
    }

    /// <summary>With a document that the ledger knows: its number is given, for the cause that it had.</summary>
    /// <exception cref="System.Text.Json.JsonException">It has no number of the series.</exception>
    public static InvoiceBookState With(InvoiceBookState state, LedgerInvoice found)
    {
        var (year, number) = Read(found.Booked.Number);
        return state with
        {
            Years = state.Years.SetItem(year, Math.Max(number, state.Years.GetValueOrDefault(year))),
            Reserved = state.Reserved.SetItem(found.Cause, new InvoiceNumber(found.Booked.Number, found.Booked.IssuedOn)),
            Invoices = [.. state.Invoices.Add(found.Booked).OrderBy(one => one.Number, StringComparer.Ordinal)],
        };
    }

    /// <summary>Numbers below the last of their year that neither a document nor a cause has.</summary>
    public static IEnumerable<string> Missing(InvoiceBookState state)
    {
        var known = state.Invoices.Select(one => one.Number).Concat(state.Reserved.Values.Select(one => one.Number)).ToHashSet(StringComparer.Ordinal);
        return state.Years.SelectMany(year => Enumerable.Range(1, year.Value).Select(number => Write(year.Key, number))).Where(number => !known.Contains(number));
    }

    private static string Write(int year, int number) => string.Create(CultureInfo.InvariantCulture, $"{year}-{number:00000}");

    private static (int Year, int Number) Read(string text) =>
        text.Split('-') is [var year, var number] && int.TryParse(year, NumberStyles.None, CultureInfo.InvariantCulture, out var one) && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var two)
            ? (one, two) : throw new System.Text.Json.JsonException($"'{text}' is no number of an invoice.");
}
