using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Evidence;

namespace OrleansBackup.Domain.Audit;

/// <summary>The end of a book, to which the next entry is added.</summary>
/// <param name="Count">Of all entries.</param>
/// <param name="Hash">Of the last one.</param>
[GenerateSerializer, Immutable, Alias("audit-end")]
public readonly record struct AuditEnd([property: Id(0)] long Count, [property: Id(1)] string Hash)
{
    public static readonly AuditEnd Empty = new(0, AuditEntry.NothingBefore);
}

/// <summary>Adds to a chain of entries. Pure: the caller says what time it is and keeps the entry.</summary>
public static class AuditChain
{
    /// <summary>Longer texts are cut, so that no act fails because its audit cannot hold it.</summary>
    public const int LongestText = 2_000;

    public static AuditEntry Next(string book, AuditEnd end, DateTimeOffset at, string actor, string act, string subject, IEnumerable<KeyValuePair<string, string>> facts) => new(
        book, end.Count + 1, EvidenceTime.Cut(at), Cut(actor), act, Cut(subject),
        facts.ToImmutableSortedDictionary(fact => fact.Key, fact => Cut(fact.Value), StringComparer.Ordinal), end.Hash);

    // A cut through a surrogate pair would leave half a letter, which no JSON can hold.
    private static string Cut(string text) => Whole(text.Length <= LongestText ? text : text[..(LongestText - (char.IsHighSurrogate(text[LongestText - 1]) ? 1 : 0))]);

    private static string Whole(string text) => text.Any(char.IsSurrogate) ? System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text)) : text;
}
