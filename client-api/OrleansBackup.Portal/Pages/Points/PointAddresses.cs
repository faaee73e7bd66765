using System.Globalization;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Portal.Pages.Tenants;

namespace OrleansBackup.Portal.Pages.Points;

/// <summary>The addresses of pages about restore points, and of the downloads that the API gives.</summary>
internal static class PointAddresses
{
    public static string Of(ResourceId resource, long point) => string.Create(CultureInfo.InvariantCulture, $"{TenantReader.AddressOf(resource)}/points/{point}");

    public static string Folder(ResourceId resource, long point, string folder, string? after = null) =>
        $"{Of(resource, point)}?folder={Uri.EscapeDataString(folder)}{(after is null ? "" : $"&after={Uri.EscapeDataString(after)}")}";

    public static string Item(ResourceId resource, long point, string? folder, string? after, string item) =>
        $"{Of(resource, point)}?{(folder is null ? "" : $"folder={Uri.EscapeDataString(folder)}&")}{(after is null ? "" : $"after={Uri.EscapeDataString(after)}&")}item={Uri.EscapeDataString(item)}";

    public static string Compare(ResourceId resource, long point, long other) => string.Create(CultureInfo.InvariantCulture, $"{Of(resource, point)}/compare/{other}");

    /// <summary>Of the REST API: what a browser saves.</summary>
    public static string Download(ResourceId resource, long point, string item, string what) => $"/api/v1{Of(resource, point)}/items/{Uri.EscapeDataString(item)}/{what}";

    public static string FolderDownload(ResourceId resource, long point, string folder, string what) => $"/api/v1{Of(resource, point)}/folders/{Uri.EscapeDataString(folder)}/{what}";
}
