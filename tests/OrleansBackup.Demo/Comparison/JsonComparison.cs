using System.Text.Json;

namespace OrleansBackup.Demo.Comparison;

/// <summary>Compares two values of Graph's JSON. A property that only one side has is a difference.</summary>
/// <remarks>
/// Order counts in arrays (recipients are in the order of their header line). Names that begin with <c>@odata.</c> describe the
/// answer and not the message, so they are left out at every level.
/// </remarks>
public static class JsonComparison
{
    /// <summary>What <see cref="Text"/> gives for a value that is not there.</summary>
    public const string Absent = "(absent)";

    /// <returns>Each place that differs, as path, expected and seen; empty: equal.</returns>
    public static IEnumerable<(string Path, string Expected, string Seen)> Compare(JsonElement expected, JsonElement seen, string path)
    {
        if (expected.ValueKind != seen.ValueKind)
            return [(path, Text(expected), Text(seen))];
        return expected.ValueKind switch
        {
            JsonValueKind.Object => CompareObjects(expected, seen, path),
            JsonValueKind.Array => CompareArrays(expected, seen, path),
            _ => Text(expected) == Text(seen) ? [] : [(path, Text(expected), Text(seen))],
        };
    }

    /// <summary>The text of a value for a message to a reader; absent is <c>(absent)</c>.</summary>
    public static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined => Absent,
        JsonValueKind.String => $"\"{value.GetString()}\"", // decoded: two spellings of one text are equal
        _ => value.GetRawText(),
    };

    public static JsonElement Property(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) ? value : default;

    private static IEnumerable<(string, string, string)> CompareObjects(JsonElement expected, JsonElement seen, string path)
    {
        var names = expected.EnumerateObject().Concat(seen.EnumerateObject()).Select(property => property.Name)
            .Where(name => !name.Contains("@odata.", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal);
        return names.SelectMany(name => Compare(Property(expected, name), Property(seen, name), path.Length == 0 ? name : $"{path}.{name}"));
    }

    private static IEnumerable<(string, string, string)> CompareArrays(JsonElement expected, JsonElement seen, string path)
    {
        if (expected.GetArrayLength() != seen.GetArrayLength())
            return [(path, Text(expected), Text(seen))];
        return expected.EnumerateArray().Zip(seen.EnumerateArray())
            .SelectMany((pair, index) => Compare(pair.First, pair.Second, $"{path}[{index}]"));
    }
}
