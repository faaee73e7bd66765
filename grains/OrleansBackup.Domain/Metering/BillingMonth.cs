using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans;

namespace OrleansBackup.Domain.Metering;

/// <summary>A calendar month of the contract's calendar, written <c>2026-03</c>.</summary>
[GenerateSerializer, Immutable, Alias("billing-month"), JsonConverter(typeof(BillingMonthConverter))]
public readonly record struct BillingMonth([property: Id(0)] int Year, [property: Id(1)] int Number) : IComparable<BillingMonth>
{
    public DateOnly First => new(Year, Number, 1);

    public DateOnly Last => First.AddMonths(1).AddDays(-1);

    public int Days => DateTime.DaysInMonth(Year, Number);

    public BillingMonth Next => Of(First.AddMonths(1));

    public BillingMonth Previous => Of(First.AddMonths(-1));

    public static BillingMonth Of(DateOnly day) => new(day.Year, day.Month);

    public bool Contains(DateOnly day) => day.Year == Year && day.Month == Number;

    public static bool TryParse(string? text, out BillingMonth month)
    {
        var valid = DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day);
        month = valid ? Of(day) : default;
        return valid;
    }

    /// <exception cref="FormatException"><paramref name="text"/> is not a month such as 2026-03.</exception>
    public static BillingMonth Parse(string text) => TryParse(text, out var month) ? month : throw new FormatException($"'{text}' is not a month such as 2026-03.");

    public int CompareTo(BillingMonth other) => (Year, Number).CompareTo((other.Year, other.Number));

    public static bool operator <(BillingMonth left, BillingMonth right) => left.CompareTo(right) < 0;

    public static bool operator >(BillingMonth left, BillingMonth right) => left.CompareTo(right) > 0;

    public static bool operator <=(BillingMonth left, BillingMonth right) => left.CompareTo(right) <= 0;

    public static bool operator >=(BillingMonth left, BillingMonth right) => left.CompareTo(right) >= 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year:0000}-{Number:00}");

    private sealed class BillingMonthConverter : JsonConverter<BillingMonth>
    {
        public override BillingMonth Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TryParse(reader.GetString(), out var month) ? month : throw new JsonException("A month is written like 2026-03.");

        public override void Write(Utf8JsonWriter writer, BillingMonth value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
