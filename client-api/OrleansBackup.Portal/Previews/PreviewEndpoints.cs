using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Points;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Previews;

/// <summary>The preview of an item, for the frame of the reading pane. Reading it is noted in the audit book as a download is.</summary>
internal static class PreviewEndpoints
{
    public static void MapPreviews(this IEndpointRouteBuilder portal) =>
        portal.MapGet("/tenants/{tenant}/resources/{resource}/points/{point}/preview", Show).Needs(Permission.SeeContent).Audited(AuditActs.ReadContent);

    public static string AddressOf(string pointAddress, string item) => $"{pointAddress}/preview?item={Uri.EscapeDataString(item)}";

    private static async Task<IResult> Show(string tenant, string resource, string point, string item, HttpContext context, IGrainFactory grains, PortalRequest portal)
    {
        var open = await OpenPoint.FindAsync(tenant, resource, point, grains, context.RequestAborted);
        var found = await open.Grain.GetItem(item, context.RequestAborted);
        var document = PreviewDocument.Write(await PreviewReader.ReadAsync(open.Grain, found, portal.Texts["preview.picture"], context.RequestAborted), found.Subject, portal);
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = PreviewDocument.PolicyOf(document);
        headers.XFrameOptions = "SAMEORIGIN";
        headers["Referrer-Policy"] = "no-referrer";
        return Results.Text(document, "text/html; charset=utf-8");
    }
}
