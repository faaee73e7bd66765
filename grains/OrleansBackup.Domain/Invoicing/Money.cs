using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans;

namespace OrleansBackup.Domain.Invoicing;

/// <summary>An amount in euros, to the cent. In JSON a number with two decimals.</summary>
[GenerateSerializer, Immutable, Alias("money"), JsonConverter(typeof(MoneyConverter))]
public readonly record struct Money([property: Id(0)] long Cents) : IComparable<Money>
{
    public const string Currency = "EUR";

    public static Money Zero { get; }

    /// <summary>In euros, always with two decimals.</summary>
    public decimal Euros => Cents * 0.01m;

    /// <summary>Half a cent goes away from zero, so that a credit mirrors the charge that it takes back.</summary>
    /// <remarks>Source: EN 16931 as Peppol BIS Billing 3.0 applies it: half up to two decimals, per line and per VAT rate.</remarks>
    public static Money Round(decimal euros) => new((long)decimal.Round(euros * 100m, 0, MidpointRounding.AwayFromZero));

    /// <exception cref="ArgumentException">There are parts of a cent.</exception>
    public static Money Exactly(decimal euros) => euros * 100m is var cents && cents == decimal.Truncate(cents)
        ? new((long)cents)
        : throw new ArgumentException($"{euros.ToString(CultureInfo.InvariantCulture)} has parts of a cent.", nameof(euros));

    public static Money Sum(IEnumerable<Money> amounts) => new(amounts.Sum(one => one.Cents));

    public int CompareTo(Money other) => Cents.CompareTo(other.Cents);

    public static Money operator +(Money left, Money right) => new(checked(left.Cents + right.Cents));

    public static Money operator -(Money left, Money right) => new(checked(left.Cents - right.Cents));

    public static Money operator -(Money one) => new(-one.Cents);

    public static bool operator <(Money left, Money right) => left.Cents < right.Cents;

    public static bool operator >(Money left, Money right) => left.Cents > right.Cents;

    public static bool operator <=(Money left, Money right) => left.Cents <= right.Cents;

    public static bool operator >=(Money left, Money right) => left.Cents >= right.Cents;

    public override string ToString() => Euros.ToString("0.00", CultureInfo.InvariantCulture);

    private sealed class MoneyConverter : JsonConverter<Money>
    {
        public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            try
            {
                return reader.TokenType == JsonTokenType.Number ? Exactly(reader.GetDecimal()) : throw new JsonException("An amount is a number in euros.");
            }
            catch (Exception wrong) when (wrong is ArgumentException or FormatException or OverflowException)
            {
                throw new JsonException("An amount is a number in euros with at most two decimals.", wrong);
            }
        }

        public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Euros);
    }
}
