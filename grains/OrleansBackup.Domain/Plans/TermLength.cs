using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansBackup.Domain.Plans;

/// <summary>What a length of time in a plan counts in.</summary>
public enum TermUnit
{
    /// <summary>Days of the contract's calendar: <c>D</c>.</summary>
    Days = 1,

    /// <summary>Months from a day to the same day number: <c>M</c>.</summary>
    Months = 2,

    /// <summary>Years from a day to the same day: <c>Y</c>.</summary>
    Years = 3,

    /// <summary>Whole calendar months, from the first day to the last: <c>CM</c>.</summary>
    CalendarMonths = 4,

    /// <summary>Working days: <c>WD</c>.</summary>
    WorkingDays = 5,
}

/// <summary>A length of time as plans write it: <c>P30D</c>, <c>P12M</c>, <c>P1Y</c>, <c>P1CM</c>, <c>P2WD</c>.</summary>
/// <remarks>The form is that of ISO 8601's durations; whole calendar months and working days, which it lacks and contracts count in, are added.</remarks>
[JsonConverter(typeof(TermLengthConverter))]
public readonly record struct TermLength(int Count, TermUnit Unit)
{
    private static readonly (string Suffix, TermUnit Unit)[] Notation =
        [("CM", TermUnit.CalendarMonths), ("WD", TermUnit.WorkingDays), ("D", TermUnit.Days), ("M", TermUnit.Months), ("Y", TermUnit.Years)];

    public static bool TryParse(string? text, out TermLength length)
    {
        length = default;
        if (text is not { Length: > 2 } || text[0] != 'P')
            return false;
        foreach (var (suffix, unit) in Notation)
            if (text.EndsWith(suffix, StringComparison.Ordinal))
            {
                var valid = int.TryParse(text.AsSpan(1, text.Length - 1 - suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and < 10_000;
                length = new(count, unit);
                return valid;
            }

        return false;
    }

    /// <exception cref="FormatException"><paramref name="text"/> is not in this notation.</exception>
    public static TermLength Parse(string text) => TryParse(text, out var length) ? length
        : throw new FormatException($"'{text}' is not a length of time: write P30D (days), P12M (months), P1Y (years), P1CM (whole calendar months) or P2WD (working days).");

    public override string ToString()
    {
        var unit = Unit;
        return string.Create(CultureInfo.InvariantCulture, $"P{Count}{Notation.First(one => one.Unit == unit).Suffix}");
    }

    private sealed class TermLengthConverter : JsonConverter<TermLength>
    {
        public override TermLength Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            try
            {
                return Parse(reader.TokenType == JsonTokenType.String ? reader.GetString()! : reader.TokenType.ToString());
            }
            catch (FormatException wrong)
            {
                throw new JsonException(wrong.Message, wrong);
            }
        }

        public override void Write(Utf8JsonWriter writer, TermLength value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
