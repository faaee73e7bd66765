using System.Collections.Immutable;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Layout;

/// <summary>Which parts of the portal a caller is led to: those that he may see.</summary>
internal static class Navigation
{
    public static ImmutableArray<NavigationItem> Of(PortalRequest portal) => !portal.IsSignedIn ? [] :
    [
        new("estate", "/"),
        new("tenants", "/tenants"),
        new("checks", "/checks"),
        new("alerts", "/alerts"),
        new("jobs", "/jobs"),
        new("rehearsals", "/rehearsals"),
        new("audit", "/audit"),
        new("onboarding", "/onboarding"),
    ];
}
