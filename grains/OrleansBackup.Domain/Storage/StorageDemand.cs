using System.Collections.Immutable;
using Orleans;

namespace OrleansBackup.Domain.Storage;

/// <summary>Where a tenant's backups may lie.</summary>
/// <remarks>
/// Default: anywhere. A plan whose contract says "in the Netherlands" demands NL; a cloud counts when its region lies there. Anything else
/// needs a written override, which is a demand with another country in it.
/// </remarks>
/// <param name="Countries">ISO 3166, two capital letters; empty: anywhere.</param>
[GenerateSerializer, Immutable, Alias("storage-demand")]
public sealed record StorageDemand([property: Id(0)] ImmutableArray<string> Countries)
{
    public static StorageDemand Anywhere { get; } = new(ImmutableArray<string>.Empty);

    public static StorageDemand Netherlands { get; } = new(["NL"]);

    /// <summary>Why these countries make no sense, or null.</summary>
    public string? Problem() => Countries.IsDefault ? "Name the countries, or none." :
        Countries.FirstOrDefault(country => !StorageRegion.IsCountry(country)) is { } wrong ? $"'{wrong}' is not a country's two letters." : null;

    /// <summary>Whether a store may hold the tenant's backups.</summary>
    /// <param name="configured">The region that the configuration gives the store, or null.</param>
    /// <param name="reported">The region that the store itself reports, or null: it cannot say.</param>
    /// <returns>Why not, or null: it may.</returns>
    public string? Refusal(string store, string? configured, string? reported)
    {
        if (Countries.IsDefaultOrEmpty)
            return null;
        var wanted = string.Join(" or ", Countries);
        var (said, own) = (StorageRegion.CountryOf(configured), StorageRegion.CountryOf(reported));
        if (reported is not null && own is null)
            return $"The store '{store}' reports the region '{reported}', whose country is not known; the tenant's backups must lie in {wanted}.";
        if (own is not null && said is not null && own != said)
            return $"The store '{store}' is configured as '{configured}' ({said}) and reports '{reported}' ({own}); correct its Region before a tenant that must stay in {wanted} is put there.";
        if ((own ?? said) is not { } country)
            return $"It is not known in which country the store '{store}' lies; set its Region. The tenant's backups must lie in {wanted}.";
        return Countries.Contains(country, StringComparer.OrdinalIgnoreCase) ? null : $"The store '{store}' lies in {country}; the tenant's backups must lie in {wanted}.";
    }

    public bool Equals(StorageDemand? other) => other is not null && Countries.AsSpan().SequenceEqual(other.Countries.AsSpan());

    public override int GetHashCode() => Countries.IsDefault ? 0 : Countries.Aggregate(17, HashCode.Combine);
}
