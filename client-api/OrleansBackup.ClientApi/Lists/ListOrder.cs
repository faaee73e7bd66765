using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using OrleansBackup.ClientApi.Problems;

namespace OrleansBackup.ClientApi.Lists;

/// <summary>How a list can be sorted, and the part of it that follows a cursor.</summary>
/// <remarks>
/// A cursor names the last entry that was given, by what it was sorted by and its id: entries that come or go meanwhile shift nothing, and none that
/// stays is given twice or left out. Memory: one part, however long the list.
/// </remarks>
/// <param name="id">Names an entry for ever.</param>
/// <param name="fields">What it can be sorted by; the first, with its sign, is how it is without being asked. Keys are compared ordinally.</param>
internal sealed class ListOrder<T>(Func<T, string> id, params ImmutableArray<(string Name, Func<T, string> Key)> fields)
{
    /// <param name="limit">At most so many.</param>
    /// <returns>The part, and the cursor for the next; null: this was the last.</returns>
    public (ImmutableArray<T> Part, string? Next) Take(IEnumerable<T> all, string? sort, string? after, int limit)
    {
        var (name, backwards) = Of(sort ?? fields[0].Name);
        var key = fields.First(field => field.Name.TrimStart('-') == name).Key;
        var order = Comparer<Place>.Create((one, other) => (backwards ? -1 : 1) * (string.CompareOrdinal(one.Key, other.Key) is not 0 and var byKey ? byKey : string.CompareOrdinal(one.Id, other.Id)));
        var start = after is null ? (Place?)null : Read(after, sort ?? fields[0].Name);
        var part = new SortedSet<(Place Place, T Entry)>(Comparer<(Place Place, T Entry)>.Create((one, other) => order.Compare(one.Place, other.Place)));
        foreach (var entry in all)
        {
            var place = new Place(key(entry), id(entry));
            if (start is { } last && order.Compare(place, last) <= 0)
                continue;
            part.Add((place, entry));
            if (part.Count > limit + 1)
                part.Remove(part.Max);
        }
        return part.Count <= limit ? ([.. part.Select(one => one.Entry)], null) : ([.. part.Take(limit).Select(one => one.Entry)], Write(part.ElementAt(limit - 1).Place, sort ?? fields[0].Name));
    }

    private (string Name, bool Backwards) Of(string sort) => fields.Any(field => field.Name.TrimStart('-') == sort.TrimStart('-')) && !sort.StartsWith("--", StringComparison.Ordinal)
        ? (sort.TrimStart('-'), sort.StartsWith('-'))
        : throw new ProblemException(Problem.InvalidField("sort", $"'sort' is one of {string.Join(", ", fields.Select(field => field.Name.TrimStart('-')))}; a hyphen in front turns the order round."));

    private static string Write(Place place, string sort) => WebEncoders.Base64UrlEncode(JsonSerializer.SerializeToUtf8Bytes(new[] { sort, place.Key, place.Id }));

    private static Place Read(string after, string sort)
    {
        try
        {
            if (JsonSerializer.Deserialize<string[]>(Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(after))) is [{ } sorted, { } key, { } last] && sorted == sort)
                return new Place(key, last);
        }
        catch (Exception wrong) when (wrong is FormatException or JsonException)
        {
            // told below
        }
        throw new ProblemException(Problem.InvalidField("after", "'after' must be what the part before gave as next, asked for with the same sort."));
    }

    private readonly record struct Place(string Key, string Id);
}

/// <summary>Values as texts that sort as the values do.</summary>
internal static class SortText
{
    public static string Of(DateTimeOffset? time) => Of(time?.UtcTicks ?? 0);

    public static string Of(DateOnly day) => Of(day.DayNumber);

    public static string Of(long number) => (number < 0 ? "-" : "0") + (number < 0 ? long.MaxValue + number + 1 : number).ToString("D19", CultureInfo.InvariantCulture);

    /// <summary>Upper and lower case alike.</summary>
    public static string Of(string text) => text.ToUpperInvariant();
}
