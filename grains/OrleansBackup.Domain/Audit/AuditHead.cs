using System.Text.Json.Nodes;
using Orleans;
using OrleansBackup.Domain.Evidence;

namespace OrleansBackup.Domain.Audit;

/// <summary>Where a book ends: how many entries it has and the hash of the last. Signed, it closes an export: whoever keeps one can tell later that nothing before it was rewritten.</summary>
/// <param name="Hash">Of the last entry; of an empty book: zeros.</param>
/// <param name="SignedBy">The fingerprint of the signer's public key.</param>
/// <param name="Deleted">Where the part ends that was deleted after its term; null: the book is there from its first entry.</param>
[GenerateSerializer, Immutable, Alias("audit-head")]
public sealed record AuditHead(
    [property: Id(0)] string Book, [property: Id(1)] long Entries, [property: Id(2)] string Hash, [property: Id(3)] DateTimeOffset SignedAt, [property: Id(4)] string SignedBy,
    [property: Id(5)] AuditEnd? Deleted = null)
{
    public const string Format = "orleansbackup-audit-head-1";

    /// <summary>The bytes that are signed: canonical JSON.</summary>
    public byte[] Core() => CanonicalJson.Write(Node());

    /// <summary>The last line of an export: the head with its signature.</summary>
    public byte[] Line(ReadOnlySpan<byte> signature) => CanonicalJson.Write(new JsonObject { ["head"] = Node(), ["signature"] = Convert.ToBase64String(signature) });

    /// <returns>Null: not such a line.</returns>
    public static (AuditHead Head, byte[] Signature)? Read(ReadOnlySpan<byte> line)
    {
        if (CanonicalJson.Read(line) is not { Count: 2 } read || read["head"] is not JsonObject { Count: 6 or 8 } head || head.Text("format") != Format || read.Text("signature") is not { } text)
            return null;
        var signature = new byte[text.Length];
        return Convert.TryFromBase64String(text, signature, out var length) && head.Text("book") is { } book && head.Number("entries") is { } entries
            && head.Text("hash") is { } hash && EvidenceTime.Parse(head.Text("signedAt")) is { } signedAt && head.Text("signedBy") is { } signedBy
            && (head.Count == 6 || (head.Number("deletedEntries") is > 0 && head.Text("deletedHash") is not null))
            ? (new AuditHead(book, entries, hash, signedAt, signedBy, head.Count == 6 ? null : new AuditEnd(head.Number("deletedEntries")!.Value, head.Text("deletedHash")!)), signature[..length]) : null;
    }

    private JsonObject Node()
    {
        var node = new JsonObject
        {
            ["format"] = Format, ["book"] = Book, ["entries"] = Entries, ["hash"] = Hash, ["signedAt"] = EvidenceTime.Text(SignedAt), ["signedBy"] = SignedBy,
        };
        if (Deleted is { } deleted)
            (node["deletedEntries"], node["deletedHash"]) = (deleted.Count, deleted.Hash);
        return node;
    }
}
