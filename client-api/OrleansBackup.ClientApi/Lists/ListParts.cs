using OrleansBackup.ClientApi.Problems;

namespace OrleansBackup.ClientApi.Lists;

/// <summary>What the lists of the API ask for in the same way.</summary>
internal static class ListParts
{
    /// <summary>Of lists that gave everything before they were given in parts: as many as a part may hold, so that callers of then miss little.</summary>
    public static int Limit(int? limit) => limit is null ? AddressParts.MaxLimit : AddressParts.Limit(limit);

    /// <summary>Whether a filter that is a text lets something through; absent: everything.</summary>
    public static bool Passes(string? filter, params ReadOnlySpan<string> texts)
    {
        if (filter is null)
            return true;
        foreach (var text in texts)
            if (text.Contains(filter, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }

    /// <summary>Reads a filter that is a word.</summary>
    public static T? Word<T>(string? text, string field)
        where T : struct, Enum => text is null ? null
        : Enum.GetValues<T>().Cast<T?>().FirstOrDefault(value => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value!.Value.ToString()) == text)
            ?? throw new ProblemException(Problem.InvalidField(field, $"'{field}' is one of: {string.Join(", ", Enum.GetNames<T>().Select(System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName))}."));
}
