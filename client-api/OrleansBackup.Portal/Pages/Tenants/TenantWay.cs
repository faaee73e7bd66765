using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Portal.Components;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Tenants;

/// <summary>The way to a page below a tenant. Who has one tenant only knows of no list of them.</summary>
internal static class TenantWay
{
    public static ImmutableArray<WayStep> Of(PortalRequest portal, TenantId tenant, string name, params ReadOnlySpan<WayStep> below) =>
        [.. portal.Caller.Tenants is { Count: 1 } ? [] : new[] { new WayStep(portal.Texts["shell.nav-tenants"], "/tenants") }, new WayStep(name, $"/tenants/{tenant}"), .. below];
}
