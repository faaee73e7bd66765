using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Orleans;
using OrleansBackup.Domain.Evidence;

namespace OrleansBackup.Domain.Rehearsals;

/// <summary>By which way an item was brought back.</summary>
public enum RehearsalWay
{
    /// <summary>Read from the store, decrypted and hashed again: nothing was written to the customer's environment.</summary>
    Read = 1,
}

/// <summary>What came of one item.</summary>
/// <param name="ItemId">Its id in Microsoft 365; null: it was not found in the point.</param>
/// <param name="Bytes">That were read.</param>
/// <param name="Before">SHA-256 over what the backup wrote down of its contents when it was made, in hex.</param>
/// <param name="After">SHA-256 over the same, computed anew from what came back.</param>
/// <param name="Content">SHA-256 over the bytes of its contents, in the order of their roles: for whoever holds the original.</param>
/// <param name="Problem">Why it did not come back; null: it did.</param>
[GenerateSerializer, Immutable, Alias("rehearsed-item")]
public sealed record RehearsedItem(
    [property: Id(0)] DrawnItem Drawn, [property: Id(1)] RehearsalWay Way, [property: Id(2)] string? ItemId, [property: Id(3)] long Bytes, [property: Id(4)] string? Before,
    [property: Id(5)] string? After, [property: Id(6)] string? Content, [property: Id(7)] string? Problem)
{
    public bool IsSame => Problem is null && Before is not null && Before == After;
}

/// <summary>A rehearsal as it is signed.</summary>
/// <param name="Scope">provider: over the whole estate; or one tenant's id.</param>
/// <param name="Name">The quarter, such as 2026-Q4, or the id of a request.</param>
/// <param name="Previous">SHA-256 of the record before, in hex.</param>
/// <param name="InventoryRoot">By <see cref="Rehearsals.InventoryRoot"/>.</param>
public sealed record RehearsalRecord(
    string Scope, string Name, string OrderedBy, string Previous, string InventoryRoot, long InventoryLines, int Minimum, DateTimeOffset BeganAt, DateTimeOffset EndedAt,
    ImmutableArray<RehearsedItem> Items, string SignedBy)
{
    public const string Format = "orleansbackup-rehearsal-1";

    private const string ReadWay = "read";

    /// <summary>The bytes that are signed, and hashed for the next: canonical JSON.</summary>
    public byte[] Core() => CanonicalJson.Write(new JsonObject
    {
        ["format"] = Format, ["scope"] = Scope, ["name"] = Name, ["orderedBy"] = OrderedBy, ["previous"] = Previous, ["inventoryRoot"] = InventoryRoot, ["inventoryLines"] = InventoryLines,
        ["seed"] = Convert.ToHexStringLower(RehearsalDraw.Seed(Previous, InventoryRoot)), ["minimum"] = Minimum, ["beganAt"] = EvidenceTime.Text(BeganAt), ["endedAt"] = EvidenceTime.Text(EndedAt),
        ["items"] = new JsonArray([.. Items.Select(NodeOf)]), ["signedBy"] = SignedBy,
    });

    public static string HashOf(ReadOnlySpan<byte> core) => Convert.ToHexStringLower(SHA256.HashData(core));

    /// <summary>The file: two lines, the record and its signature in base64.</summary>
    public static string File(ReadOnlySpan<byte> core, ReadOnlySpan<byte> signature) => $"{System.Text.Encoding.UTF8.GetString(core)}\n{Convert.ToBase64String(signature)}\n";

    /// <returns>Null: not such a record.</returns>
    public static RehearsalRecord? Read(ReadOnlySpan<byte> core)
    {
        if (CanonicalJson.Read(core) is not { Count: 13 } read || read.Text("format") != Format || read["items"] is not JsonArray array)
            return null;
        var items = array.Select(ItemOf).ToArray();
        return items.All(item => item is not null) && IsHash(read.Text("previous")) && IsHash(read.Text("inventoryRoot")) && read.Text("scope") is { } scope && read.Text("name") is { } name && read.Text("orderedBy") is { } orderedBy
            && read.Text("previous") is { } previous && read.Text("inventoryRoot") is { } root && read.Number("inventoryLines") is { } lines && read.Number("minimum") is { } minimum
            && EvidenceTime.Parse(read.Text("beganAt")) is { } began && EvidenceTime.Parse(read.Text("endedAt")) is { } ended && read.Text("signedBy") is { } signedBy
            ? new(scope, name, orderedBy, previous, root, lines, (int)minimum, began, ended, [.. items.Select(item => item!)], signedBy) : null;
    }

    private static bool IsHash(string? text) => text is { Length: 64 } && text.All(char.IsAsciiHexDigitLower);

    private static JsonNode NodeOf(RehearsedItem item) => new JsonObject
    {
        ["tenant"] = item.Drawn.Tenant, ["resource"] = item.Drawn.Resource, ["purpose"] = item.Drawn.Purpose, ["point"] = item.Drawn.Point, ["age"] = InventoryLine.Word(item.Drawn.Age),
        ["kind"] = item.Drawn.Kind, ["index"] = item.Drawn.Index, ["way"] = ReadWay, ["itemId"] = item.ItemId, ["bytes"] = item.Bytes,
        ["before"] = item.Before, ["after"] = item.After, ["content"] = item.Content, ["problem"] = item.Problem,
    };

    private static RehearsedItem? ItemOf(JsonNode? node) =>
        node is JsonObject item && item.Text("tenant") is { } tenant && item.Text("resource") is { } resource && item.Text("purpose") is { } purpose && item.Number("point") is { } point
            && InventoryLine.Ages(item.Text("age")) is { } age && item.Text("kind") is { } kind && item.Number("index") is { } index && item.Number("bytes") is { } bytes
            && item.Text("way") == ReadWay
            ? new(new(tenant, resource, purpose, point, age, kind, index), RehearsalWay.Read,
                item.Text("itemId"), bytes, item.Text("before"), item.Text("after"), item.Text("content"), item.Text("problem")) : null;
}
