using System.Collections.Immutable;
using OrleansBackup.Domain.Access;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Layout;

/// <summary>Which parts of the portal a caller is led to: those that he may see.</summary>
internal static class Navigation
{
    private static readonly ImmutableArray<(NavigationItem Item, Permission Needs, bool AllTenants)> Places =
    [
        (new("estate", "/"), Permission.SeeTenant, true),
        (new("tenants", "/tenants"), Permission.SeeTenant, false),
        (new("checks", "/checks"), Permission.SeeEstate, true),
        (new("alerts", "/alerts"), Permission.SeeEstate, false),
        (new("jobs", "/jobs"), Permission.SeeEstate, true),
        (new("rehearsals", "/rehearsals"), Permission.SeeEstate, true),
        (new("audit", "/audit"), Permission.SeeAudit, true),
        (new("onboarding", "/onboarding"), Permission.ManageTenants, true),
        (new("subscriptions", "/subscriptions"), Permission.OperateService, true),
        (new("keys", "/keys"), Permission.ManageAccess, false),
    ];

    public static ImmutableArray<NavigationItem> Of(PortalRequest portal) => portal.IsSignedIn
        ? [.. Places.Where(place => portal.May(place.Needs) && (!place.AllTenants || portal.Caller.AllTenants)).Select(place => place.Item)]
        : [];
}
