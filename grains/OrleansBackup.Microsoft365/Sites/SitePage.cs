using System.Globalization;
using System.Text.Json;

namespace OrleansBackup.Microsoft365.Sites;

/// <summary>A modern page as the listing shows it.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="IsPublished">False: somebody is at it, and only they see the newest state.</param>
public sealed record SitePage(string Id, string Name, string? Title, string? ETag, bool IsPublished, DateTimeOffset? Modified)
{
    internal const string Select = "id,name,title,eTag,publishingState,lastModifiedDateTime";

    internal static SitePage? Read(JsonElement page)
    {
        if (TolerantJson.GetText(page, "id") is not { Length: > 0 } id) return null;
        var state = page.TryGetProperty("publishingState", out var publishing) ? TolerantJson.GetText(publishing, "level") : null;
        return new SitePage(id, TolerantJson.GetText(page, "name") ?? id, TolerantJson.GetText(page, "title"), TolerantJson.GetText(page, "eTag"), state == "published",
            DateTimeOffset.TryParse(TolerantJson.GetText(page, "lastModifiedDateTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var modified) ? modified : null);
    }
}
