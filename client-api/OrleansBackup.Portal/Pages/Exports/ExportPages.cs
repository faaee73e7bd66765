using System.Collections.Immutable;
using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.ClientApi.Streams;
using OrleansBackup.ClientApi.Tenants;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Exports;
using OrleansBackup.GrainInterfaces.Notices;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Exports;

/// <summary>Everything of a customer in files that every program reads: ordered, watched, downloaded, and deleted once he has it.</summary>
internal static class ExportPages
{
    private const string Address = "/tenants/{tenant}/exports";

    public static void MapExportPages(this IEndpointRouteBuilder portal)
    {
        portal.MapPage(Address, Show).Needs(Permission.SeeTenant);
        portal.MapPost($"{Address}/order", Order).Needs(Permission.ManageContracts).Audited(AuditActs.Export, withBody: true);
        portal.MapGet($"{Address}/live", (Delegate)Watch).Needs(Permission.SeeTenant);
        portal.MapPost($"{Address}/{{export}}/delete", Delete).Needs(Permission.ManageContracts).Audited(AuditActs.DeleteExport);
    }

    private static Task<IResult> Show(string tenant, IGrainFactory grains, PortalRequest portal, CancellationToken cancellation, string? done = null) =>
        PageAsync(tenant, FormInput.Empty, null, done is "ordered" or "deleted" ? done : null, grains, portal, cancellation);

    private static async Task<IResult> Order(string tenant, ActForm form, ClaimsPrincipal caller, IGrainFactory grains, TimeProvider time, PortalRequest portal, CancellationToken cancellation)
    {
        try
        {
            await ExportEndpoints.Start(tenant, new ExportOrderBody(Day(form["day"]), form["by"] is { Length: > 0 } by ? by : null, form["why"]), caller, grains, time, cancellation);
            return PageResults.SeeOther($"/tenants/{AddressParts.Tenant(tenant)}/exports?done=ordered");
        }
        catch (Exception refused) when (Refusals.TextOf(refused) is not null)
        {
            return await PageAsync(tenant, form.Input, Refusals.TextOf(refused), null, grains, portal, cancellation);
        }
    }

    private static async Task<IResult> Delete(string tenant, Guid export, IGrainFactory grains, PortalRequest portal, CancellationToken cancellation)
    {
        try
        {
            await ExportEndpoints.Delete(tenant, $"{export:D}", grains, cancellation);
            return PageResults.SeeOther($"/tenants/{AddressParts.Tenant(tenant)}/exports?done=deleted");
        }
        catch (Exception refused) when (Refusals.TextOf(refused) is not null)
        {
            return await PageAsync(tenant, FormInput.Empty, Refusals.TextOf(refused), null, grains, portal, cancellation);
        }
    }

    private static Task Watch(HttpContext context, string tenant, IGrainFactory grains, TimeProvider time, PortalRequest portal)
    {
        var exports = grains.Exports(AddressParts.Tenant(tenant));
        return ProgressEvents.StreamAsync(context, JobEvents.WatchAsync(
            async cancellation => await exports.List(cancellation) is [var newest, ..] ? newest : throw new ProblemException(Problem.NotFound("Nothing of this tenant was ever exported.")),
            export => !export.IsOpen, time, context.RequestAborted), export => NewsOf(export, portal));
    }

    internal static ProgressEvents.News NewsOf(TenantExportStatus export, PortalRequest portal) => new(
        export.Done.Length, export.Total, export.Total == 0 ? portal.Texts["exports.counting"] : portal.Texts.Filled("exports.progress", portal.Write.Number(export.Done.Length), portal.Write.Number(export.Total), portal.Write.Bytes(export.Done.Sum(one => one.Bytes))));

    private static DateOnly? Day(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static async Task<IResult> PageAsync(string tenant, FormInput input, string? refused, string? done, IGrainFactory grains, PortalRequest portal, CancellationToken cancellation)
    {
        var id = AddressParts.Tenant(tenant);
        var (name, exports, contacts) = (await grains.Tenant(id).GetName(cancellation), await grains.Exports(id).List(cancellation), await grains.NoticeBook(id).GetContacts(cancellation));
        return PageResults.Show<ExportsPage, ExportsModel>(
            new ExportsModel(id, name, exports, [.. contacts.Where(contact => contact.Authority.Contains(Domain.Notices.ContactAuthority.EndContract)).Select(contact => (contact.Name, contact.Email))], input, refused, done),
            refused is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }
}

/// <param name="Exports">Newest first.</param>
/// <param name="Askers">Contacts of the customer who may ask for one.</param>
public sealed record ExportsModel(TenantId Tenant, string TenantName, ImmutableArray<TenantExportStatus> Exports, ImmutableArray<(string Name, string Email)> Askers, FormInput Input, string? Refused, string? Done);
