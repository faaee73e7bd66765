using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace OrleansBackup.Portal.Hosting;

/// <summary>Marks an address that answers with a page, so that tests can walk over all of them.</summary>
public sealed class PageOfThePortal;

internal static class PortalRoutes
{
    /// <summary>A page: an address that a person opens. Say what it needs beside it.</summary>
#pragma warning disable RDG002 // the address and what shows it are given by the caller, so these few are made at the start
    public static RouteHandlerBuilder MapPage(this IEndpointRouteBuilder portal, string address, Delegate show) => portal.MapGet(address, show).WithMetadata(new PageOfThePortal());
}
