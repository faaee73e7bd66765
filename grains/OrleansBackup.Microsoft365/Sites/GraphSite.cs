using System.Globalization;
using System.Text.Json;

namespace OrleansBackup.Microsoft365.Sites;

/// <summary>A SharePoint site as a listing shows it.</summary>
/// <param name="Id">Host, site collection and web with commas between; never changes.</param>
/// <param name="Name">What a person calls it: its display name, or where that is missing the end of its address.</param>
/// <param name="IsPersonal">The site below a OneDrive: not a site to protect on its own.</param>
/// <param name="ArchiveStatus">Set while the site is archived, and so cannot be read.</param>
/// <param name="ParentId">The site that a subsite lies below; null at the top.</param>
public sealed record GraphSite(string Id, string Name, string? WebUrl, bool IsPersonal, string? ArchiveStatus, string? ParentId, DateTimeOffset? Created)
{
    internal const string Select = "id,name,displayName,webUrl,createdDateTime,isPersonalSite,siteCollection";

    public bool IsArchived => ArchiveStatus is not null;

    internal static GraphSite? Read(JsonElement site, string? parentId = null)
    {
        if (TolerantJson.GetText(site, "id") is not { Length: > 0 } id) return null;
        var address = TolerantJson.GetText(site, "webUrl");
        var isPersonal = site.TryGetProperty("isPersonalSite", out var personal) ? personal.ValueKind == JsonValueKind.True
            : address?.Contains("-my.sharepoint", StringComparison.OrdinalIgnoreCase) == true; // older answers leave the property out
        var archive = site.TryGetProperty("siteCollection", out var collection) && collection.ValueKind == JsonValueKind.Object
            && collection.TryGetProperty("archivalDetails", out var details) ? TolerantJson.GetText(details, "archiveStatus") : null;
        return new GraphSite(id, NameOf(site, address, id), address, isPersonal, archive, parentId,
            DateTimeOffset.TryParse(TolerantJson.GetText(site, "createdDateTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var created) ? created : null);
    }

    private static string NameOf(JsonElement site, string? address, string id)
    {
        foreach (var name in new[] { TolerantJson.GetText(site, "displayName"), TolerantJson.GetText(site, "name"), address?.TrimEnd('/').Split('/')[^1] })
        {
            if (!string.IsNullOrWhiteSpace(name)) return name;
        }

        return id;
    }
}
