using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Orleans;
using OrleansBackup.Domain.Evidence;

namespace OrleansBackup.Domain.Audit;

/// <summary>One line of an audit book: who did what to what, and when. It names the hash of the line before, so that none can be changed, dropped or moved unseen.</summary>
/// <param name="Book">A tenant's directory id, or the provider's name.</param>
/// <param name="Sequence">From 1, without gaps.</param>
/// <param name="At">To the millisecond.</param>
/// <param name="Actor">The holder of the API key, or the service itself.</param>
/// <param name="Act">From <see cref="AuditActs"/>.</param>
/// <param name="Subject">What it was done to.</param>
/// <param name="Facts">No secret, and nothing out of anybody's mail.</param>
/// <param name="Previous">SHA-256 of the line before, in hex; of the first: zeros.</param>
[GenerateSerializer, Immutable, Alias("audit-entry")]
public sealed record AuditEntry(
    [property: Id(0)] string Book,
    [property: Id(1)] long Sequence,
    [property: Id(2)] DateTimeOffset At,
    [property: Id(3)] string Actor,
    [property: Id(4)] string Act,
    [property: Id(5)] string Subject,
    [property: Id(6)] ImmutableSortedDictionary<string, string> Facts,
    [property: Id(7)] string Previous)
{
    public const string Format = "orleansbackup-audit-1";

    /// <summary>What the first entry names as the one before.</summary>
    public static readonly string NothingBefore = new('0', 64);

    /// <summary>The line that is hashed and exported: canonical JSON.</summary>
    public byte[] Line() => CanonicalJson.Write(new JsonObject
    {
        ["format"] = Format, ["book"] = Book, ["sequence"] = Sequence, ["at"] = EvidenceTime.Text(At), ["actor"] = Actor, ["act"] = Act, ["subject"] = Subject,
        ["facts"] = new JsonObject(Facts.Select(fact => KeyValuePair.Create(fact.Key, (JsonNode?)fact.Value))), ["previous"] = Previous,
    });

    public string Hash() => HashOf(Line());

    public static string HashOf(ReadOnlySpan<byte> line) => Convert.ToHexStringLower(SHA256.HashData(line));

    /// <returns>Null: not a line of this form.</returns>
    public static AuditEntry? Read(ReadOnlySpan<byte> line)
    {
        if (CanonicalJson.Read(line) is not { Count: 9 } read || read.Text("format") != Format || read["facts"] is not JsonObject facts)
            return null;
        var given = facts.ToImmutableSortedDictionary(fact => fact.Key, fact => facts.Text(fact.Key) ?? "", StringComparer.Ordinal);
        return read.Text("book") is { } book && read.Number("sequence") is { } sequence && EvidenceTime.Parse(read.Text("at")) is { } at && read.Text("actor") is { } actor
            && read.Text("act") is { } act && read.Text("subject") is { } subject && read.Text("previous") is { } previous
            ? new AuditEntry(book, sequence, at, actor, act, subject, given, previous) : null;
    }
}
