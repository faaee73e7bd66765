using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Orleans;
using OrleansBackup.Domain.Evidence;

namespace OrleansBackup.Domain.Rehearsals;

/// <summary>By which way an item was brought back.</summary>
public enum RehearsalWay
{
    /// <summary>Read from the store, decrypted and hashed again: nothing was written to the customer's environment. <see cref="RehearsedItem.WayReason"/> says why.</summary>
    Read = 1,

    /// <summary>Put back into a scratch place by the engine that customers use, read again from Microsoft 365, compared, and taken away.</summary>
    Restored = 2,

    /// <summary>The same in Exchange's own form.</summary>
    Imported = 3,
}

/// <summary>What came of one item.</summary>
/// <param name="ItemId">Its id in Microsoft 365; null: it was not found in the point.</param>
/// <param name="Bytes">That were read.</param>
/// <param name="Before">SHA-256 in hex of what had to come back. Of an item that was only read: over what the backup wrote down of its contents when it was made. Of one that was
/// restored: over its <see cref="ItemPicture"/> in the point, without what is <see cref="Lost"/>.</param>
/// <param name="After">SHA-256 over the same, computed anew from what came back.</param>
/// <param name="Content">SHA-256 over the bytes of its contents, in the order of their roles: for whoever holds the original.</param>
/// <param name="Problem">Why it did not come back; null: it did.</param>
[GenerateSerializer, Immutable, Alias("rehearsed-item")]
public sealed record RehearsedItem(
    [property: Id(0)] DrawnItem Drawn, [property: Id(1)] RehearsalWay Way, [property: Id(2)] string? ItemId, [property: Id(3)] long Bytes, [property: Id(4)] string? Before,
    [property: Id(5)] string? After, [property: Id(6)] string? Content, [property: Id(7)] string? Problem)
{
    /// <summary>Why it was only read; null: it was restored, or an earlier release, which restored nothing.</summary>
    [Id(8)] public string? WayReason { get; init; }

    /// <summary>Kinds of expected loss: what Microsoft 365 never takes back, as the restore itself declares it. Such parts are not compared.</summary>
    [Id(9)] public ImmutableArray<string> Lost { get; init; } = [];

    /// <summary>Which parts came back otherwise than they had to, by name and never by content.</summary>
    [Id(10)] public ImmutableArray<string> Differences { get; init; } = [];

    /// <summary>Whether the scratch place was empty and gone when this was written; null: there was none.</summary>
    [Id(11)] public bool? IsCleared { get; init; }

    public bool IsSame => Problem is null && Before is not null && Before == After;

    /// <summary>As it stands in a record.</summary>
    /// <param name="version">1: of a release that restored nothing.</param>
    internal JsonObject Node(int version)
    {
        var node = new JsonObject
        {
            ["tenant"] = Drawn.Tenant, ["resource"] = Drawn.Resource, ["purpose"] = Drawn.Purpose, ["point"] = Drawn.Point, ["age"] = InventoryLine.Word(Drawn.Age),
            ["kind"] = Drawn.Kind, ["index"] = Drawn.Index, ["way"] = Word(Way), ["itemId"] = ItemId, ["bytes"] = Bytes,
            ["before"] = Before, ["after"] = After, ["content"] = Content, ["problem"] = Problem,
        };
        if (version == 1)
            return node;
        node["wayReason"] = WayReason;
        node["lost"] = Words(Lost);
        node["differences"] = Words(Differences);
        node["cleared"] = IsCleared;
        return node;
    }

    /// <returns>Null: not such an item.</returns>
    internal static RehearsedItem? Of(JsonNode? node, int version) =>
        node is JsonObject item && item.Text("tenant") is { } tenant && item.Text("resource") is { } resource && item.Text("purpose") is { } purpose && item.Number("point") is { } point
            && InventoryLine.Ages(item.Text("age")) is { } age && item.Text("kind") is { } kind && item.Number("index") is { } index && item.Number("bytes") is { } bytes
            && WayOf(item.Text("way"), version) is { } way
            ? new(new(tenant, resource, purpose, point, age, kind, index), way, item.Text("itemId"), bytes, item.Text("before"), item.Text("after"), item.Text("content"), item.Text("problem"))
            {
                WayReason = item.Text("wayReason"), Lost = Words(item["lost"]), Differences = Words(item["differences"]),
                IsCleared = item["cleared"] is JsonValue value && value.TryGetValue(out bool cleared) ? cleared : null,
            } : null;

    /// <summary>What the record says of the item that cannot be; null: nothing.</summary>
    internal string? Contradiction() => this switch
    {
        { Way: RehearsalWay.Read, WayReason: null } => "an item was only read and nothing says why",
        { Way: RehearsalWay.Read, IsCleared: not null } or { Way: not RehearsalWay.Read, WayReason: not null } => "an item was restored and was not",
        { Way: not RehearsalWay.Read, Problem: null } when IsSame != Differences.IsEmpty => "an item's hashes and its differences contradict each other",
        _ => null,
    };

    private static string Word(RehearsalWay way) => way switch { RehearsalWay.Restored => "restored", RehearsalWay.Imported => "imported", _ => "read" };

    private static RehearsalWay? WayOf(string? word, int version) => word switch
    {
        "read" => RehearsalWay.Read,
        "restored" when version > 1 => RehearsalWay.Restored,
        "imported" when version > 1 => RehearsalWay.Imported,
        _ => null,
    };

    private static JsonArray Words(ImmutableArray<string> words) => new([.. words.Select(word => (JsonNode?)word)]);

    private static ImmutableArray<string> Words(JsonNode? node) => node is JsonArray array ? [.. array.Select(word => word is JsonValue value && value.TryGetValue(out string? text) ? text : "")] : [];
}
