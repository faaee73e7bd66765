using System.Collections.Immutable;

namespace OrleansBackup.Vault;

/// <summary>One item as it was at one point: what is needed to find, show and restore it, and references to its content.</summary>
/// <param name="Id">Stable id, opaque and case-sensitive, up to 1,000 characters.</param>
/// <param name="ParentId">The item it lies in, or null at the top.</param>
/// <param name="Kind">What it is, from a small vocabulary of the caller (message, folder, file).</param>
/// <param name="Name">What a person sees: a subject, a file name.</param>
/// <param name="Size">Bytes, as the source counts them; restore points add them up.</param>
/// <param name="Time">When it was received or last changed, with the offset as given.</param>
/// <param name="Properties">Whatever else the caller needs; kept as it is, in ordinal order of the names.</param>
/// <param name="Contents">The item's content by role (mime, body), as <see cref="RunWriter"/> stored it.</param>
public sealed record ItemVersion(
    string Id, string? ParentId, string Kind, string Name, long Size, DateTimeOffset? Time,
    ImmutableSortedDictionary<string, string> Properties, ImmutableSortedDictionary<string, ContentReference> Contents)
{
    /// <summary>Equal when every field is, the dictionaries entry by entry.</summary>
    public bool Equals(ItemVersion? other) =>
        other is not null && Id == other.Id && ParentId == other.ParentId && Kind == other.Kind && Name == other.Name
        && Size == other.Size && Nullable.Equals(Time, other.Time) && Time?.Offset == other.Time?.Offset
        && Same(Properties, other.Properties) && Same(Contents, other.Contents);

    public override int GetHashCode() => HashCode.Combine(Id, ParentId, Kind, Name, Size, Time);

    // By key, because two dictionaries may be sorted by different comparers.
    private static bool Same<T>(ImmutableSortedDictionary<string, T> one, ImmutableSortedDictionary<string, T> other) where T : class =>
        one.Count == other.Count && one.All(entry => other.TryGetValue(entry.Key, out var value) && entry.Value.Equals(value));
}

/// <summary>Which items to list; null: any.</summary>
/// <param name="AfterId">Only those whose id follows this one in ordinal order: the next part of a long list. Costs no reading of what is left out
/// where <paramref name="ParentId"/> is given.</param>
public sealed record ItemFilter(string? Kind = null, string? ParentId = null, string? AfterId = null)
{
    public static ItemFilter All { get; } = new();

    internal bool Matches(ItemVersion item) => (Kind is null || Kind == item.Kind) && (ParentId is null || ParentId == item.ParentId)
        && (AfterId is null || string.CompareOrdinal(item.Id, AfterId) > 0);
}
