using System.Collections.Immutable;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.GrainInterfaces.Points;

namespace OrleansBackup.ClientApi.Points;

/// <summary>Reads what to look for from an address. Text in double quotes is one word, spaces and all.</summary>
internal static class SearchRequest
{
    /// <exception cref="ProblemException">Nothing is asked for, or the times end before they begin.</exception>
    public static ItemSearch Parse(string? text, DateTimeOffset? from, DateTimeOffset? until)
    {
        var words = Words(text ?? "");
        if (words.IsEmpty && from is null && until is null)
            throw new ProblemException(Problem.InvalidField("text", "Say what to look for: 'text' with words, or a time 'from' or 'until'."));
        if (from >= until)
            throw new ProblemException(Problem.InvalidField("until", "'until' must be later than 'from'."));
        var search = new ItemSearch(words, from, until);
        return search.WrongWords is { } wrong ? throw new ProblemException(Problem.InvalidField("text", wrong)) : search;
    }

    private static ImmutableArray<string> Words(string text) =>
        [.. text.Split('"').SelectMany((part, index) => index % 2 == 1 ? [part.Trim()] : part.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Where(word => word.Length > 0)];
}
