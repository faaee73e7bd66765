using System.Globalization;
using System.Text.Json.Serialization;
using Orleans;
using OrleansBackup.Domain.Schedule;

namespace OrleansBackup.Domain.Reports;

/// <summary>A calendar month of the contract's time zone, written <c>2026-03</c>.</summary>
[GenerateSerializer, Immutable, Alias("report-month")]
public readonly record struct ReportMonth([property: Id(0)] int Year, [property: Id(1)] int Number) : IComparable<ReportMonth>
{
    // Not stored: a month that holds the next holds all that come.
    [JsonIgnore] public DateOnly First => new(Year, Number, 1);

    [JsonIgnore] public DateOnly Last => First.AddMonths(1).AddDays(-1);

    [JsonIgnore] public ReportMonth Next => Of(First.AddMonths(1));

    [JsonIgnore] public ReportMonth Previous => Of(First.AddMonths(-1));

    public static ReportMonth Of(DateOnly day) => new(day.Year, day.Month);

    public DateTimeOffset Begins(ContractCalendar calendar) => calendar.At(First, TimeSpan.Zero);

    public DateTimeOffset Ends(ContractCalendar calendar) => Next.Begins(calendar);

    public static bool TryParse(string? text, out ReportMonth month)
    {
        var valid = DateOnly.TryParseExact(text + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first);
        month = valid ? Of(first) : default;
        return valid;
    }

    /// <exception cref="FormatException">It is no month.</exception>
    public static ReportMonth Parse(string text) => TryParse(text, out var month) ? month : throw new FormatException($"'{text}' is not a month such as 2026-03.");

    public int CompareTo(ReportMonth other) => (Year, Number).CompareTo((other.Year, other.Number));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year:d4}-{Number:d2}");

    public static bool operator <(ReportMonth one, ReportMonth other) => one.CompareTo(other) < 0;

    public static bool operator >(ReportMonth one, ReportMonth other) => one.CompareTo(other) > 0;

    public static bool operator <=(ReportMonth one, ReportMonth other) => one.CompareTo(other) <= 0;

    public static bool operator >=(ReportMonth one, ReportMonth other) => one.CompareTo(other) >= 0;
}
