using System.Text.Json;

namespace OrleansBackup.Demo.Comparison;

/// <summary>Whether everything that one JSON value says is in another, which may say more.</summary>
/// <remarks>
/// For kinds of which the truth knows what matters and Graph adds facts about its own answer. A property that the truth has as null must be null or absent.
/// Arrays have the same length and order. Names that begin with <c>@odata.</c> describe the answer.
/// </remarks>
public static class JsonCoverage
{
    /// <returns>Each place of the expected value that is not in the other, as path, expected and seen; empty: all of it is there.</returns>
    public static IEnumerable<(string Path, string Expected, string Seen)> Missing(JsonElement expected, JsonElement seen, string path)
    {
        if (IsNothing(expected) && IsNothing(seen))
            return [];
        if (expected.ValueKind != seen.ValueKind)
            return [(path, JsonComparison.Text(expected), JsonComparison.Text(seen))];
        return expected.ValueKind switch
        {
            JsonValueKind.Object => expected.EnumerateObject().Where(property => !property.Name.Contains("@odata.", StringComparison.Ordinal))
                .SelectMany(property => Missing(property.Value, JsonComparison.Property(seen, property.Name), path.Length == 0 ? property.Name : $"{path}.{property.Name}")),
            JsonValueKind.Array when expected.GetArrayLength() == seen.GetArrayLength() => expected.EnumerateArray().Zip(seen.EnumerateArray())
                .SelectMany((pair, index) => Missing(pair.First, pair.Second, $"{path}[{index}]")),
            JsonValueKind.Array => [(path, JsonComparison.Text(expected), JsonComparison.Text(seen))],
            _ => JsonComparison.Text(expected) == JsonComparison.Text(seen) ? [] : [(path, JsonComparison.Text(expected), JsonComparison.Text(seen))],
        };
    }

    private static bool IsNothing(JsonElement value) => value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined
        || value.ValueKind == JsonValueKind.Object && !value.EnumerateObject().Any();
}
