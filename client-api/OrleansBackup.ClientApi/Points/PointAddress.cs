using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansBackup.ClientApi.Json;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.ClientApi.Points;

/// <summary>How a caller names a restore point: by its sequence number, by a day (its newest point), or as the latest.</summary>
/// <remarks>Only a sequence number names the same point for ever; the others may name a newer one tomorrow.</remarks>
[JsonConverter(typeof(Converter))]
public sealed record PointAddress
{
    private const string Latest = "latest";

    private PointAddress(string text) => Text = text;

    /// <summary>As the caller wrote it.</summary>
    public string Text { get; }

    /// <summary>Null: a day or the latest.</summary>
    public long? Sequence { get; private init; }

    /// <summary>The contract's calendar day, if one was named.</summary>
    public DateOnly? Day { get; private init; }

    /// <exception cref="ProblemException">The text names no point.</exception>
    public static PointAddress Parse(string text, string field) => TryParse(text) ?? throw new ProblemException(Problem.InvalidField(field, Expected(field)));

    /// <summary>The point that is meant, among those there are.</summary>
    /// <exception cref="ProblemException">There is none.</exception>
    public RestorePointSummary FindIn(ImmutableArray<RestorePointSummary> pointsNewestFirst) => pointsNewestFirst
        .FirstOrDefault(point => Sequence is { } sequence ? point.Sequence == sequence : Day is not { } day || point.Day == day)
        ?? throw new ProblemException(Problem.NoSuchPoint(Text));

    private static PointAddress? TryParse(string? text) =>
        text == Latest ? new PointAddress(text)
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? new PointAddress(text) { Sequence = sequence }
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? new PointAddress(text) { Day = day }
        : null;

    private static string Expected(string field) => $"'{field}' must be the sequence number of a restore point, a day such as 2026-03-14, or latest.";

    private sealed class Converter : JsonConverter<PointAddress>
    {
        public override PointAddress Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => TryParse(reader.TokenType switch
        {
            JsonTokenType.Number when reader.TryGetInt64(out var number) => number.ToString(CultureInfo.InvariantCulture),
            JsonTokenType.String => reader.GetString(),
            _ => null,
        }) ?? throw ApiJson.Refuse(Expected("point"));

        public override void Write(Utf8JsonWriter writer, PointAddress value, JsonSerializerOptions options) => writer.WriteStringValue(value.Text);
    }
}
