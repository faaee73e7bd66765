using System.Collections.Frozen;

namespace OrleansBackup.Domain.Storage;

/// <summary>In which country a storage region lies.</summary>
/// <remarks>
/// Pure. A region is either a country itself (ISO 3166, "NL"), a provider's region that begins with one ("nl-ams"), or one of those listed
/// here. Sources: Azure "List of regions" and AWS "Regions and Availability Zones"; only European ones, since nothing else is promised yet.
/// A region that is not known has no country: then nothing that asks for a country may use it.
/// </remarks>
public static class StorageRegion
{
    private static readonly FrozenDictionary<string, string> Countries = new Dictionary<string, string>
    {
        ["westeurope"] = "NL", ["northeurope"] = "IE", ["germanywestcentral"] = "DE", ["germanynorth"] = "DE", ["francecentral"] = "FR", ["francesouth"] = "FR",
        ["swedencentral"] = "SE", ["norwayeast"] = "NO", ["norwaywest"] = "NO", ["switzerlandnorth"] = "CH", ["switzerlandwest"] = "CH", ["uksouth"] = "GB", ["ukwest"] = "GB",
        ["polandcentral"] = "PL", ["italynorth"] = "IT", ["spaincentral"] = "ES", ["austriaeast"] = "AT", ["belgiumcentral"] = "BE",
        ["eu-central-1"] = "DE", ["eu-central-2"] = "CH", ["eu-west-1"] = "IE", ["eu-west-2"] = "GB", ["eu-west-3"] = "FR", ["eu-north-1"] = "SE", ["eu-south-1"] = "IT", ["eu-south-2"] = "ES",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <returns>Two capital letters, or null: not known.</returns>
    public static string? CountryOf(string? region)
    {
        if (string.IsNullOrWhiteSpace(region))
            return null;
        var name = region.Trim().Replace(" ", "", StringComparison.Ordinal);
        if (Countries.TryGetValue(name, out var country))
            return country;
        var first = name.Split('-')[0];
        // "eu-…", "us-…" and the like are areas of a provider and no countries, unless they are listed above.
        return IsCountry(first) && (first.Length == name.Length || first.ToUpperInvariant() is "NL" or "DE" or "FR" or "PL" or "IT") ? first.ToUpperInvariant() : null;
    }

    /// <summary>Whether the text has the form of a country's code.</summary>
    public static bool IsCountry(string text) => text is { Length: 2 } && text.All(char.IsAsciiLetter) && !string.Equals(text, "EU", StringComparison.OrdinalIgnoreCase);
}
