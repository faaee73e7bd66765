using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Resources;

/// <summary>How far the reading of a resource's stored bytes has come, and what of them is damaged.</summary>
[GenerateSerializer, Immutable, Alias("scrub-state")]
internal sealed record ScrubState
{
    /// <summary>Damaged objects that are remembered; more are found again in the next round.</summary>
    private const int MostDamage = 100;

    [Id(0)] public string? Cursor { get; init; }
    [Id(1)] public DateTimeOffset? RoundBeganAt { get; init; }
    [Id(2)] public int SlicesRead { get; init; }
    [Id(3)] public DateTimeOffset? LastSliceAt { get; init; }
    [Id(4)] public DateTimeOffset? LastRoundEndedAt { get; init; }
    [Id(5)] public ImmutableArray<StoredDamage> Damage { get; init; } = [];

    /// <summary>What the next run is to download again.</summary>
    public DamageToHeal ToHeal => new(
        [.. Damage.SelectMany(d => d.Contents).Distinct(StringComparer.Ordinal)],
        [.. Damage.SelectMany(d => d.Current).Distinct(StringComparer.Ordinal)]);

    /// <summary>What could not be healed so far, for people; null: nothing.</summary>
    public string? Alert
    {
        get
        {
            const int namesTold = 5;
            if (Damage.IsEmpty)
                return null;
            var names = Damage.SelectMany(d => d.Names).Distinct(StringComparer.Ordinal).ToArray();
            var waiting = Damage.Any(d => !d.TriedAgain && !d.Current.IsEmpty) ? " The next run downloads again what Microsoft 365 still has." : "";
            var told = names.Length == 0 ? $"{Damage[0].What} ({Damage[0].Object})"
                : string.Join(", ", names.Take(namesTold)) + (names.Length > namesTold ? $" and {names.Length - namesTold} more" : "");
            return $"Stored data is damaged; some restore points lack: {told}.{waiting}";
        }
    }

    public ScrubState With(ScrubSlice slice, DateTimeOffset now) => this with
    {
        Cursor = slice.Cursor,
        RoundBeganAt = slice.Cursor is null ? null : RoundBeganAt ?? now,
        SlicesRead = slice.Cursor is null ? 0 : SlicesRead + 1,
        LastSliceAt = now,
        LastRoundEndedAt = slice.Cursor is null ? now : LastRoundEndedAt,
        Damage = Merged(slice.Damage, triedAgain: false),
    };

    /// <summary>After a run that could not go on because of one object.</summary>
    public ScrubState With(DamagedObjectException damage) => Damage.Any(d => d.Object == damage.Name.Value) ? this
        : this with { Damage = [.. Damage.Take(MostDamage - 1), new(damage.Name.Value, damage.What, [], [], [], TriedAgain: false)] };

    /// <summary>After a run that was to heal: what is left.</summary>
    public ScrubState WithLeft(ImmutableArray<DamagedObject> left) => (this with { Damage = [] }) is var none
        ? none with { Damage = none.Merged(left, triedAgain: true) } : this;

    private ImmutableArray<StoredDamage> Merged(ImmutableArray<DamagedObject> found, bool triedAgain)
    {
        var known = Damage.ToDictionary(d => d.Object, StringComparer.Ordinal);
        foreach (var damage in found.Where(d => !d.HoldsContent || !d.Items.IsEmpty))
            known[damage.Name.Value] = StoredDamage.Of(damage, triedAgain);
        return [.. known.Values.OrderBy(d => d.Object, StringComparer.Ordinal).Take(MostDamage)];
    }
}

/// <summary>One damaged object of the vault.</summary>
/// <param name="Contents">What is lost with it, as the vault names it.</param>
/// <param name="Current">The ids of items that may still be downloaded in the same version.</param>
/// <param name="Names">Items that restore points lack, as people know them.</param>
/// <param name="TriedAgain">A run has tried to heal it, and it is not healed.</param>
[GenerateSerializer, Immutable, Alias("stored-damage")]
internal sealed record StoredDamage(
    [property: Id(0)] string Object,
    [property: Id(1)] string What,
    [property: Id(2)] ImmutableArray<string> Contents,
    [property: Id(3)] ImmutableArray<string> Current,
    [property: Id(4)] ImmutableArray<string> Names,
    [property: Id(5)] bool TriedAgain)
{
    /// <summary>Of each object that many are remembered; a run that heals them looks again and finds the next.</summary>
    private const int MostItems = 500;

    public static StoredDamage Of(DamagedObject damage, bool triedAgain) => new(damage.Name.Value, damage.What,
        [.. damage.Contents.Take(2 * MostItems)],
        [.. damage.Items.Where(i => i.IsCurrent).Select(i => i.Id).Take(MostItems)],
        [.. damage.Items.Select(i => i.Name).Distinct(StringComparer.Ordinal).Take(MostItems)], triedAgain);
}

/// <summary>What a run is to download again, because the stored bytes are damaged.</summary>
/// <param name="Contents">What the vault must not take for good.</param>
/// <param name="Items">The items that name it now.</param>
internal sealed record DamageToHeal(ImmutableArray<string> Contents, ImmutableArray<string> Items)
{
    public static DamageToHeal None { get; } = new([], []);
}
