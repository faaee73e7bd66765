using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Orleans;

namespace OrleansBackup.Domain.Rehearsals;

/// <summary>One item that a rehearsal had to draw: the item with this number among those of its kind in the point, by id in ordinal order.</summary>
/// <param name="Index">From 0.</param>
[GenerateSerializer, Immutable, Alias("drawn-item")]
public sealed record DrawnItem(
    [property: Id(0)] string Tenant, [property: Id(1)] string Resource, [property: Id(2)] string Purpose, [property: Id(3)] long Point, [property: Id(4)] PointAge Age,
    [property: Id(5)] string Kind, [property: Id(6)] long Index);

/// <summary>Draws a rehearsal's sample. Nobody can choose it: it follows from the signed record before and the inventory.</summary>
/// <remarks>
/// <para>Pure; a stranger with both draws the same. Seed: SHA-256 over the 32 bytes of the hash of the record before (zeros for the first) and the 32 bytes of the inventory's root.
/// Each place to draw from, a kind in a point, has the rank HMAC-SHA-256(seed, <c>{tenant}/{resource}/{point}/{kind}</c>); lower ranks go first.</para>
/// <para>Drawn are, each time the place of the lowest rank that is not drawn yet: one of every kind of the newest points, of the middle ones and of the oldest; one of a shared
/// mailbox; one of every tenant that has none yet; then, one of each kind and age in turn (in ordinal order), until there are enough, or everything is drawn. Places can be drawn from
/// more than once when there are fewer than items wanted: the n-th draw from a place hashes <c>/{n}</c> with it.</para>
/// <para>Source: "Vier keer per jaar … op diverse onderdelen van de totale back-up … willekeurige items".</para>
/// </remarks>
public static class RehearsalDraw
{
    /// <summary>What an estate's first rehearsal names as the record before.</summary>
    public static readonly string NothingBefore = new('0', 64);

    public const string Shared = "shared";

    /// <exception cref="FormatException">Not the hex of a hash.</exception>
    public static byte[] Seed(string previousRecord, string inventoryRoot) => SHA256.HashData([.. Convert.FromHexString(previousRecord), .. Convert.FromHexString(inventoryRoot)]);

    /// <param name="minimum">At least so many items, if there are so many.</param>
    public static ImmutableArray<DrawnItem> Draw(byte[] seed, IEnumerable<InventoryLine> inventory, int minimum)
    {
        var places = inventory.SelectMany(line => line.Kinds.Select(kind => new Place(line, kind.Key, kind.Value, Rank(seed, line, kind.Key))))
            .OrderBy(place => place.Rank, StringComparer.Ordinal).ToList();
        var drawn = new List<DrawnItem>();
        var strata = places.GroupBy(place => $"{place.Kind}/{InventoryLine.Word(place.Line.Age)}").OrderBy(stratum => stratum.Key, StringComparer.Ordinal)
            .Select(stratum => stratum.ToList()).ToList();
        foreach (var stratum in strata)
            Take(stratum[0]);
        if (!drawn.Any(item => item.Purpose == Shared) && places.FirstOrDefault(place => place.Line.Purpose == Shared) is { } shared)
            Take(shared);
        foreach (var tenant in places.GroupBy(place => place.Line.Tenant).OrderBy(tenant => tenant.Key, StringComparer.Ordinal))
            if (!drawn.Any(item => item.Tenant == tenant.Key))
                Take(tenant.First());
        while (drawn.Count < minimum)
        {
            var before = drawn.Count;
            foreach (var stratum in strata)
                if (drawn.Count < minimum && stratum.Where(place => place.Taken.Count < place.Items).MinBy(place => place.Taken.Count) is { } next)
                    Take(next);
            if (drawn.Count == before)
                break;
        }
        return [.. drawn];

        void Take(Place place)
        {
            // A number that was drawn already gives way to the next that is free.
            var index = (long)(BinaryPrimitives.ReadUInt64BigEndian(Mac(seed, $"{place.Name}/{place.Taken.Count}")) % (ulong)place.Items);
            while (!place.Taken.Add(index))
                index = (index + 1) % place.Items;
            drawn.Add(new(place.Line.Tenant, place.Line.Resource, place.Line.Purpose, place.Line.Point, place.Line.Age, place.Kind, index));
        }
    }

    private static string Rank(byte[] seed, InventoryLine line, string kind) => Convert.ToHexStringLower(Mac(seed, NameOf(line, kind)));

    private static string NameOf(InventoryLine line, string kind) => $"{line.Tenant}/{line.Resource}/{line.Point}/{kind}";

    private static byte[] Mac(byte[] seed, string text) => HMACSHA256.HashData(seed, Encoding.UTF8.GetBytes(text));

    private sealed record Place(InventoryLine Line, string Kind, long Items, string Rank)
    {
        public HashSet<long> Taken { get; } = [];

        public string Name => NameOf(Line, Kind);
    }
}
