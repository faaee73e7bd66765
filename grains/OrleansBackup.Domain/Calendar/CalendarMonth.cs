using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans;
using OrleansBackup.Domain.Schedule;

namespace OrleansBackup.Domain.Calendar;

/// <summary>A calendar month of the contract's time zone, written <c>2026-03</c>: what is metered, invoiced and reported by.</summary>
[GenerateSerializer, Immutable, Alias("calendar-month"), JsonConverter(typeof(CalendarMonthConverter))]
public readonly record struct CalendarMonth([property: Id(0)] int Year, [property: Id(1)] int Number) : IComparable<CalendarMonth>
{
    public DateOnly First => new(Year, Number, 1);

    public DateOnly Last => First.AddMonths(1).AddDays(-1);

    public int Days => DateTime.DaysInMonth(Year, Number);

    public CalendarMonth Next => Of(First.AddMonths(1));

    public CalendarMonth Previous => Of(First.AddMonths(-1));

    public static CalendarMonth Of(DateOnly day) => new(day.Year, day.Month);

    public bool Contains(DateOnly day) => day.Year == Year && day.Month == Number;

    public DateTimeOffset Begins(ContractCalendar calendar) => calendar.At(First, TimeSpan.Zero);

    public DateTimeOffset Ends(ContractCalendar calendar) => Next.Begins(calendar);

    public static bool TryParse(string? text, out CalendarMonth month)
    {
        var valid = DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day);
        month = valid ? Of(day) : default;
        return valid;
    }

    /// <exception cref="FormatException"><paramref name="text"/> is not a month such as 2026-03.</exception>
    public static CalendarMonth Parse(string text) => TryParse(text, out var month) ? month : throw new FormatException($"'{text}' is not a month such as 2026-03.");

    public int CompareTo(CalendarMonth other) => (Year, Number).CompareTo((other.Year, other.Number));

    public static bool operator <(CalendarMonth left, CalendarMonth right) => left.CompareTo(right) < 0;

    public static bool operator >(CalendarMonth left, CalendarMonth right) => left.CompareTo(right) > 0;

    public static bool operator <=(CalendarMonth left, CalendarMonth right) => left.CompareTo(right) <= 0;

    public static bool operator >=(CalendarMonth left, CalendarMonth right) => left.CompareTo(right) >= 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year:0000}-{Number:00}");

    private sealed class CalendarMonthConverter : JsonConverter<CalendarMonth>
    {
        public override CalendarMonth Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && TryParse(reader.GetString(), out var month) ? month : throw new JsonException("A month is written like 2026-03.");

        public override void Write(Utf8JsonWriter writer, CalendarMonth value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
