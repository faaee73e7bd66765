namespace OrleansBackup.Portal.Tests.Hosting;

/// <summary>Pages about what is in the backup, and the rest of a tenant's.</summary>
internal static class ContentPages
{
    public static readonly string Resource = $"/tenants/{Estate.Id(3)}/resources/{Mailbag.Resource.LocalName}";
    public static readonly string Point = $"{Resource}/points/90";

    /// <summary>A few that have every kind of field among them.</summary>
    private static readonly string[] Deeds = ["notice", "change", "plan", "freeze"];

    public static readonly (string Route, string Address)[] All =
    [
        ("/tenants/{tenant}/resources/{resource}", Resource),
        ("/tenants/{tenant}/resources/{resource}/points/{point}", $"{Point}?item={Uri.EscapeDataString(Mailbag.Letter)}"),
        ("/tenants/{tenant}/resources/{resource}/points/{point}", $"{Point}?folder=c-1&item={Mailbag.Meeting}"),
        ("/tenants/{tenant}/resources/{resource}/points/{point}", $"{Point}?q=offerte"),
        ("/tenants/{tenant}/resources/{resource}/points/{point}/compare/{other}", $"{Resource}/points/89/compare/90"),
        ("/tenants/{tenant}/search", $"{PortalPages.Tenant}/search"),
        ("/tenants/{tenant}/restores", $"{PortalPages.Tenant}/restores"),
        ("/tenants/{tenant}/restores/new", $"{PortalPages.Tenant}/restores/new?resource={Mailbag.Resource.LocalName}&point=90"),
        ("/tenants/{tenant}/restores/{job}", $"{PortalPages.Tenant}/restores/{Mailbag.Job}"),
        ("/tenants/{tenant}/restore-requests/{request}", $"{PortalPages.Tenant}/restore-requests/{Mailbag.RequestId}"),
        ("/tenants/{tenant}/contract", $"{PortalPages.Tenant}/contract?plan=jp-ict&from=2026-06-01"),
        ("/tenants/{tenant}/usage", $"{PortalPages.Tenant}/usage"),
        ("/tenants/{tenant}/invoices", $"{PortalPages.Tenant}/invoices"),
        ("/tenants/{tenant}/reports", $"{PortalPages.Tenant}/reports"),
        ("/tenants/{tenant}/contacts", $"{PortalPages.Tenant}/contacts?edit=new"),
        ("/tenants/{tenant}/storage", $"{PortalPages.Tenant}/storage"),
        ("/tenants/{tenant}/contract/acts/{act}", $"{PortalPages.Tenant}/contract/acts/1"),
        .. Deeds.Select(deed => ("/tenants/{tenant}/contract/do/{deed}", $"{PortalPages.Tenant}/contract/do/{deed}")),
        ("/tenants/{tenant}/settings", $"{PortalPages.Tenant}/settings"),
        ("/tenants/{tenant}/holds", $"{PortalPages.Tenant}/holds"),
        ("/tenants/{tenant}/holds/release", $"{PortalPages.Tenant}/holds/release"),
        ("/tenants/{tenant}/resources/{resource}/release/{what}", $"{Resource}/release/brake"),
        ("/tenants/{tenant}/resources/{resource}/erase", $"{Resource}/erase"),
        ("/tenants/{tenant}/proposals", $"{PortalPages.Tenant}/proposals"),
        ("/tenants/{tenant}/exports", $"{PortalPages.Tenant}/exports"),
        ("/tenants/{tenant}/ending", $"{PortalPages.Tenant}/ending"),
        ("/tenants/{tenant}/erasures", $"{PortalPages.Tenant}/erasures"),
        ("/tenants/{tenant}/erasures/{search}", $"{PortalPages.Tenant}/erasures/{Ledger.Search}"),
        ("/incidents", "/incidents?edit=new"),
        ("/keys", "/keys"),
    ];
}
