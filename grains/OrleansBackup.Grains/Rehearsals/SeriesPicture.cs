using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using OrleansBackup.Domain.Rehearsals;
using OrleansBackup.Microsoft365;

namespace OrleansBackup.Grains.Rehearsals;

/// <summary>What a series is beside its own properties: the days that differ from it and in what, and the days that were cancelled.</summary>
/// <remarks>Pure. An occurrence that says what its series says is as good as none, since the service makes no exception of it.</remarks>
internal static class SeriesPicture
{
    private const string Zone = "recurrence.range.recurrenceTimeZone", None = "none";

    private static readonly string[] OfOccurrence = ["subject", "body", "importance", "sensitivity", "showAs", "categories", "location"];

    /// <param name="json">The event, as Graph shows it.</param>
    public static ItemPicture Add(ItemPicture picture, ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 128 });
        var series = document.RootElement;
        if (!series.TryGetProperty("recurrence", out var recurrence) || recurrence.ValueKind != JsonValueKind.Object)
            return picture;
        // Source: Microsoft Graph v1.0, recurrenceRange: without a time zone that of the event is used.
        if (!picture.Values.ContainsKey(Zone))
            picture = picture.With(Zone, TolerantJson.GetText(series, "originalStartTimeZone") is { Length: > 0 } own ? own : ZonedText(series, "start", "timeZone"));
        foreach (var cancelled in ArrayOf(series, "cancelledOccurrences").Select(TolerantJson.GetText).OfType<string>())
            picture = picture.With($"cancelledOccurrences[{cancelled[(cancelled.LastIndexOf('.') + 1)..]}]", "true"); // OID.{id}.{day}
        var its = ItemPicture.Of(json, OfOccurrence);
        foreach (var occurrence in ArrayOf(series, "exceptionOccurrences"))
            picture = AddOccurrence(picture, its, series, occurrence);
        return picture;
    }

    private static ItemPicture AddOccurrence(ItemPicture picture, ItemPicture its, JsonElement series, JsonElement occurrence)
    {
        if (Moment(TolerantJson.GetText(occurrence, "originalStart")) is not { } planned)
            return picture;
        var (path, own) = ($"exceptionOccurrences[{planned.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}]", ItemPicture.Of(JsonMarshal.GetRawUtf8Value(occurrence).ToArray(), OfOccurrence));
        foreach (var name in its.Values.Keys.Union(own.Values.Keys, StringComparer.Ordinal))
            if (own.Values.GetValueOrDefault(name) is var value && value != its.Values.GetValueOrDefault(name))
                picture = picture.With($"{path}.{name}", value ?? None);
        var (start, end) = (Moment(ZonedText(occurrence, "start", "dateTime")), Moment(ZonedText(occurrence, "end", "dateTime")));
        return start == planned && end - start == Moment(ZonedText(series, "end", "dateTime")) - Moment(ZonedText(series, "start", "dateTime")) ? picture
            : picture.With($"{path}.start", start).With($"{path}.end", end);
    }

    private static JsonElement.ArrayEnumerator ArrayOf(JsonElement item, string name) => item.TryGetProperty(name, out var array) && array.ValueKind == JsonValueKind.Array ? array.EnumerateArray() : default;

    private static string? ZonedText(JsonElement item, string name, string part) => item.TryGetProperty(name, out var zoned) && zoned.ValueKind == JsonValueKind.Object ? TolerantJson.GetText(zoned, part) : null;

    // Graph shows times in UTC unless another zone is asked for, which nobody here does.
    private static DateTimeOffset? Moment(string? text) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment) ? moment : null;
}
