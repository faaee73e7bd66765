namespace OrleansBackup.Portal.Tests.Hosting;

/// <summary>The address of every page, as the sample estate has it. Tests walk over all of them; a page that is not here is found by <c>Every_page_is_walked</c>.</summary>
internal static class PortalPages
{
    public static readonly string Tenant = $"/tenants/{Estate.Id(3)}";

    /// <summary>The route of each page and an address of it.</summary>
    public static readonly (string Route, string Address)[] All =
    [
        ("/", "/"),
        ("/tenants", "/tenants"),
        ("/tenants/{tenant}", $"{Tenant}?show=all"),
        ("/tenants/{tenant}/notices", $"{Tenant}/notices"),
        ("/tenants/{tenant}/audit", $"{Tenant}/audit"),
        ("/checks", "/checks"),
        ("/checks/{date}", "/checks/2026-03-13"),
        ("/alerts", "/alerts"),
        ("/jobs", "/jobs"),
        ("/rehearsals", "/rehearsals"),
        ("/rehearsals/{rehearsal}", "/rehearsals/2026-Q1"),
        ("/tenants/{tenant}/rehearsals", $"{Tenant}/rehearsals"),
        ("/tenants/{tenant}/rehearsals/{rehearsal}", $"{Tenant}/rehearsals/2026-Q1"),
        ("/subscriptions", "/subscriptions"),
        ("/subscriptions/{subscription}", $"/subscriptions/{Listeners.Webhook.Id}"),
        ("/tenants/{tenant}/subscriptions", $"{Tenant}/subscriptions"),
        ("/tenants/{tenant}/subscriptions/{subscription}", $"{Tenant}/subscriptions/{Listeners.Webhook.Id}"),
        ("/audit", "/audit"),
        ("/onboarding", "/onboarding"),
        .. ContentPages.All,
    ];
}
