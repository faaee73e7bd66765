using System.Collections.Immutable;
using System.Text.Json;

namespace OrleansBackup.Microsoft365.Sites;

/// <summary>A list of a site with its columns.</summary>
/// <param name="Json">The list as it was sent, columns and content types included.</param>
public sealed record SiteList(string Id, string Name, string Template, bool IsHidden, bool IsSystem, string? ETag, ReadOnlyMemory<byte> Json)
{
    internal const string Select = "id,name,displayName,description,webUrl,eTag,createdDateTime,lastModifiedDateTime,list,system";

    /// <summary>Templates of what is a library, whose files are a drive's, or a list that the service keeps for itself and fills again.</summary>
    private static readonly ImmutableHashSet<string> NotLists = ImmutableHashSet.Create(StringComparer.OrdinalIgnoreCase,
        "documentLibrary", "webPageLibrary", "webTemplateExtensionsList", "sharingLinks", "accessRequest", "pictureLibrary", "mySiteDocumentLibrary", "designCatalog", "masterPageCatalog", "themeCatalog", "solutionCatalog",
        "webTemplateCatalog", "webPartCatalog", "userInformation", "appDataCatalog", "translationManagement");

    /// <summary>Has items of its own that are not files.</summary>
    public bool HoldsItems => !IsSystem && !NotLists.Contains(Template);

    internal static SiteList? Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var list = document.RootElement;
        if (TolerantJson.GetText(list, "id") is not { Length: > 0 } id) return null;
        var info = list.TryGetProperty("list", out var found) ? found : default;
        var name = TolerantJson.GetText(list, "displayName") is { Length: > 0 } display ? display : TolerantJson.GetText(list, "name") ?? id;
        return new SiteList(id, name, TolerantJson.GetText(info, "template") ?? "genericList",
            info.ValueKind == JsonValueKind.Object && info.TryGetProperty("hidden", out var hidden) && hidden.ValueKind == JsonValueKind.True,
            list.TryGetProperty("system", out var system) && system.ValueKind == JsonValueKind.Object, TolerantJson.GetText(list, "eTag"), json.ToArray());
    }
}
