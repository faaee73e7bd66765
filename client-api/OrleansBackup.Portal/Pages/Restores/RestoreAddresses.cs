using System.Globalization;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.Portal.Pages.Restores;

/// <summary>The addresses of pages about restores and requests for them.</summary>
internal static class RestoreAddresses
{
    public static string All(TenantId tenant) => $"/tenants/{tenant}/restores";

    /// <summary>To post a selection to.</summary>
    public static string Choose(TenantId tenant) => $"{All(tenant)}/new";

    /// <summary>Everything of a point.</summary>
    public static string New(ResourceId resource, long point) =>
        string.Create(CultureInfo.InvariantCulture, $"{Choose(resource.Tenant)}?resource={Uri.EscapeDataString(resource.LocalName)}&point={point}");

    public static string NewOfItem(ResourceId resource, long point, string item) => $"{New(resource, point)}&item={Uri.EscapeDataString(item)}";

    public static string Job(TenantId tenant, RestoreJobId job) => $"{All(tenant)}/{job}";

    public static string Request(TenantId tenant, Guid request) => $"/tenants/{tenant}/restore-requests/{request:D}";
}
