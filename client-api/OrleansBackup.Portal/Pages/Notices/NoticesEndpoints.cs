using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Notices;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Notices;

/// <summary>What a customer was told, and whether it arrived.</summary>
internal static class NoticesEndpoints
{
    private const int OnAPage = 25;

    public static void MapNoticePages(this IEndpointRouteBuilder portal)
    {
        portal.MapPage("/tenants/{tenant}/notices", Show).Needs(Permission.SeeTenant);
        portal.MapPost("/tenants/{tenant}/notices/{notice}/resend", Resend).Needs(Permission.ManageContacts).Audited(AuditActs.ResendNotice);
    }

    private static async Task<IResult> Show(string tenant, IGrainFactory grains, CancellationToken cancellation, string? after = null, string? done = null)
    {
        var id = AddressParts.Tenant(tenant);
        var name = await grains.Tenant(id).GetName(cancellation);
        var page = await grains.NoticeBook(id).ListNotices(after is null ? null : Notice(after), OnAPage, cancellation);
        var contacts = await grains.NoticeBook(id).GetContacts(cancellation);
        return PageResults.Show<NoticesPage, NoticesModel>(new NoticesModel(id, name, page.Notices, page.Next, after is not null, contacts.IsDefaultOrEmpty, done == "resend"));
    }

    private static async Task<IResult> Resend(string tenant, string notice, IGrainFactory grains, CancellationToken cancellation)
    {
        await grains.NoticeBook(AddressParts.Tenant(tenant)).Resend(Notice(notice), cancellation);
        return PageResults.SeeOther($"/tenants/{tenant}/notices?done=resend");
    }

    private static Guid Notice(string text) => Guid.TryParseExact(text, "D", out var id) ? id : throw new ProblemException(Problem.NotFound("There is no such notice."));
}

/// <param name="HasNobody">The tenant has no contacts.</param>
public sealed record NoticesModel(TenantId Tenant, string TenantName, ImmutableArray<NoticeListing> Notices, Guid? Next, bool IsLater, bool HasNobody, bool IsResent);
