using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Orleans;
using OrleansBackup.Domain.Evidence;

namespace OrleansBackup.Domain.Rehearsals;

/// <summary>How old a restore point is among those of its resource.</summary>
public enum PointAge
{
    /// <summary>The newest.</summary>
    Young = 1,

    /// <summary>One between them; of records of version 1, the one in the middle.</summary>
    Middle = 2,

    /// <summary>The oldest.</summary>
    Old = 3,
}

/// <summary>One restore point that a rehearsal can draw from: how many items of each kind it holds.</summary>
/// <remarks>Of each resource the newest point, the oldest and up to three between them are in the inventory, by <see cref="Ages(int, string, string, string)"/>: a rule that leaves nobody
/// a choice, reaches every point in the course of time, and keeps the inventory of a large estate to five lines a resource.</remarks>
/// <param name="Tenant">Its directory id.</param>
/// <param name="Resource">Its local name.</param>
/// <param name="Purpose">user, shared, room…, as Microsoft 365 says.</param>
/// <param name="Point">Its sequence number.</param>
/// <param name="Kinds">Items with content, by kind.</param>
[GenerateSerializer, Immutable, Alias("rehearsal-inventory-line")]
public sealed record InventoryLine(
    [property: Id(0)] string Tenant,
    [property: Id(1)] string Resource,
    [property: Id(2)] string Purpose,
    [property: Id(3)] long Point,
    [property: Id(4)] PointAge Age,
    [property: Id(5)] DateTimeOffset SealedAt,
    [property: Id(6)] ImmutableSortedDictionary<string, long> Kinds)
{
    private const int Between = 3;

    /// <summary>Its place among the resource's points, oldest first, from 0; null: of a release that did not say.</summary>
    [Id(7)] public int? At { get; init; }

    /// <summary>How many points the resource has; null with <see cref="At"/>.</summary>
    [Id(8)] public int? Of { get; init; }

    /// <summary>Canonical JSON; a line of the inventory's file.</summary>
    public byte[] Line()
    {
        var line = new JsonObject
        {
            ["tenant"] = Tenant, ["resource"] = Resource, ["purpose"] = Purpose, ["point"] = Point, ["age"] = Word(Age), ["sealedAt"] = EvidenceTime.Text(SealedAt),
            ["kinds"] = new JsonObject(Kinds.Select(kind => KeyValuePair.Create(kind.Key, (JsonNode?)kind.Value))),
        };
        if (At is { } at && Of is { } of)
            (line["at"], line["of"]) = (at, of);
        return CanonicalJson.Write(line);
    }

    /// <returns>Null: not such a line.</returns>
    public static InventoryLine? Read(ReadOnlySpan<byte> line)
    {
        if (CanonicalJson.Read(line) is not { Count: 7 or 9 } read || read["kinds"] is not JsonObject kinds || Ages(read.Text("age")) is not { } age)
            return null;
        var counts = kinds.ToImmutableSortedDictionary(kind => kind.Key, kind => kinds.Number(kind.Key) ?? -1, StringComparer.Ordinal);
        return read.Text("tenant") is { } tenant && read.Text("resource") is { } resource && read.Text("purpose") is { } purpose && read.Number("point") is { } point
            && EvidenceTime.Parse(read.Text("sealedAt")) is { } sealedAt && counts.Values.All(count => count > 0)
            && (read.Count == 7 || (read.Number("at") is >= 0 and < int.MaxValue && read.Number("of") is > 0 and < int.MaxValue))
            ? new InventoryLine(tenant, resource, purpose, point, age, sealedAt, counts) { At = (int?)read.Number("at"), Of = (int?)read.Number("of") } : null;
    }

    /// <summary>Which of a resource's points are drawn from, by their place in the list, oldest first: the newest, the oldest, and up to three between them.</summary>
    /// <remarks>Those between follow from the signed record before, which nobody can change any more: the n-th has the place HMAC-SHA-256(record, <c>{tenant}/{resource}/{n}</c>) modulo
    /// their number, first eight bytes, big-endian; a place that is taken gives way to the next.</remarks>
    /// <param name="previousRecord">The hash of the record before, in hex.</param>
    /// <exception cref="FormatException">Not the hex of a hash.</exception>
    public static IEnumerable<(int At, PointAge Age)> Ages(int points, string previousRecord, string tenant, string resource)
    {
        if (points > 0)
            yield return (points - 1, PointAge.Young);
        var (key, between, taken) = (Convert.FromHexString(previousRecord), points - 2, new SortedSet<int>());
        for (var number = 0; number < Math.Min(Between, between); number++)
        {
            var at = (int)(BinaryPrimitives.ReadUInt64BigEndian(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{tenant}/{resource}/{number}"))) % (ulong)between);
            while (!taken.Add(at))
                at = (at + 1) % between;
        }
        foreach (var at in taken.Reverse())
            yield return (at + 1, PointAge.Middle);
        if (points > 1)
            yield return (0, PointAge.Old);
    }

    /// <summary>Whether this point had to be in the inventory; true too of a line that does not say its place.</summary>
    public bool IsByRule(string previousRecord) => At is not { } at || Of is not { } of || Ages(of, previousRecord, Tenant, Resource).Contains((at, Age));

    public static string Word(PointAge age) => age switch { PointAge.Young => "young", PointAge.Middle => "middle", _ => "old" };

    internal static PointAge? Ages(string? word) => word switch { "young" => PointAge.Young, "middle" => PointAge.Middle, "old" => PointAge.Old, _ => null };
}

/// <summary>The hash that an inventory is known by.</summary>
/// <remarks>In two steps, so that a customer can be shown his own lines and only a hash of each other's: SHA-256 over one line <c>{tenant} {hash}\n</c> for each tenant, in ordinal order;
/// that hash is SHA-256 over the tenant's lines, each with <c>\n</c>, in ordinal order of their bytes.</remarks>
public static class InventoryRoot
{
    public static string Of(IEnumerable<InventoryLine> lines) => Of(lines.GroupBy(line => line.Tenant, StringComparer.Ordinal).Select(tenant => (tenant.Key, OfTenant(tenant))));

    public static string Of(IEnumerable<(string Tenant, string Hash)> tenants) => Hash(tenants.Select(tenant => $"{tenant.Tenant} {tenant.Hash}"));

    public static string OfTenant(IEnumerable<InventoryLine> lines) => Hash(lines.Select(line => Encoding.UTF8.GetString(line.Line())));

    private static string Hash(IEnumerable<string> lines) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines.Order(StringComparer.Ordinal).Select(line => line + "\n")))));
}
