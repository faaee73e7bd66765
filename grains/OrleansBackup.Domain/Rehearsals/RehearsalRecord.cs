using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Orleans;
using OrleansBackup.Domain.Evidence;

namespace OrleansBackup.Domain.Rehearsals;

/// <summary>A resource that could not be asked what it holds, and was not drawn from.</summary>
/// <param name="Resource">Its local name.</param>
[GenerateSerializer, Immutable, Alias("unreached-resource")]
public sealed record UnreachedResource([property: Id(0)] string Tenant, [property: Id(1)] string Resource, [property: Id(2)] string Reason);

/// <summary>A rehearsal as it is signed.</summary>
/// <remarks>Two forms: version 1, of releases that read items back and restored none; version 2, which says of each item by which way it came back, and names who could not be asked.
/// Both are verified for ever.</remarks>
/// <param name="Scope">provider: over the whole estate; or one tenant's id.</param>
/// <param name="Name">The quarter, such as 2026-Q4, or the id of a request.</param>
/// <param name="Previous">SHA-256 of the record before, in hex.</param>
/// <param name="InventoryRoot">By <see cref="Rehearsals.InventoryRoot"/>.</param>
public sealed record RehearsalRecord(
    string Scope, string Name, string OrderedBy, string Previous, string InventoryRoot, long InventoryLines, int Minimum, DateTimeOffset BeganAt, DateTimeOffset EndedAt,
    ImmutableArray<RehearsedItem> Items, string SignedBy)
{
    private const string Form = "orleansbackup-rehearsal-";
    private const int Newest = 2, MembersOfFirst = 13;

    public int Version { get; init; } = Newest;

    /// <summary>From version 2 on.</summary>
    public ImmutableArray<UnreachedResource> Unreached { get; init; } = [];

    /// <summary>The bytes that are signed, and hashed for the next: canonical JSON.</summary>
    public byte[] Core()
    {
        var core = new JsonObject
        {
            ["format"] = $"{Form}{Version}", ["scope"] = Scope, ["name"] = Name, ["orderedBy"] = OrderedBy, ["previous"] = Previous, ["inventoryRoot"] = InventoryRoot, ["inventoryLines"] = InventoryLines,
            ["seed"] = Convert.ToHexStringLower(RehearsalDraw.Seed(Previous, InventoryRoot)), ["minimum"] = Minimum, ["beganAt"] = EvidenceTime.Text(BeganAt), ["endedAt"] = EvidenceTime.Text(EndedAt),
            ["items"] = new JsonArray([.. Items.Select(item => item.Node(Version))]), ["signedBy"] = SignedBy,
        };
        if (Version > 1)
            core["unreached"] = new JsonArray([.. Unreached.Select(one => new JsonObject { ["tenant"] = one.Tenant, ["resource"] = one.Resource, ["reason"] = one.Reason })]);
        return CanonicalJson.Write(core);
    }

    public static string HashOf(ReadOnlySpan<byte> core) => Convert.ToHexStringLower(SHA256.HashData(core));

    /// <summary>The file: two lines, the record and its signature in base64.</summary>
    public static string File(ReadOnlySpan<byte> core, ReadOnlySpan<byte> signature) => $"{System.Text.Encoding.UTF8.GetString(core)}\n{Convert.ToBase64String(signature)}\n";

    /// <returns>Null: not such a record.</returns>
    public static RehearsalRecord? Read(ReadOnlySpan<byte> core)
    {
        if (CanonicalJson.Read(core) is not { } read || VersionOf(read.Text("format")) is not { } version || read.Count != MembersOfFirst + version - 1 || read["items"] is not JsonArray array)
            return null;
        var items = array.Select(item => RehearsedItem.Of(item, version)).ToArray();
        var unreached = (read["unreached"] as JsonArray ?? []).Select(UnreachedOf).ToArray();
        return items.All(item => item is not null) && unreached.All(one => one is not null) && (version == 1 || read["unreached"] is JsonArray)
            && IsHash(read.Text("previous")) && IsHash(read.Text("inventoryRoot")) && read.Text("scope") is { } scope && read.Text("name") is { } name && read.Text("orderedBy") is { } orderedBy
            && read.Text("previous") is { } previous && read.Text("inventoryRoot") is { } root && read.Number("inventoryLines") is { } lines && read.Number("minimum") is { } minimum
            && EvidenceTime.Parse(read.Text("beganAt")) is { } began && EvidenceTime.Parse(read.Text("endedAt")) is { } ended && read.Text("signedBy") is { } signedBy
            ? new(scope, name, orderedBy, previous, root, lines, (int)minimum, began, ended, [.. items.Select(item => item!)], signedBy) { Version = version, Unreached = [.. unreached.Select(one => one!)] } : null;
    }

    private static int? VersionOf(string? format) => format switch { Form + "1" => 1, Form + "2" => 2, _ => null };

    private static bool IsHash(string? text) => text is { Length: 64 } && text.All(char.IsAsciiHexDigitLower);

    private static UnreachedResource? UnreachedOf(JsonNode? node) =>
        node is JsonObject one && one.Text("tenant") is { } tenant && one.Text("resource") is { } resource && one.Text("reason") is { } reason ? new(tenant, resource, reason) : null;
}
