using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Notices;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Contacts;

/// <summary>Who at the customer is told what and may decide what, and the addresses that programs are told at.</summary>
internal static class ContactPages
{
    private const string Address = "/tenants/{tenant}/contacts";

    public static void MapContactPages(this IEndpointRouteBuilder portal)
    {
        portal.MapPage(Address, Show).Needs(Permission.SeeTenant);
        portal.MapPost($"{Address}/save", Save).Needs(Permission.ManageContacts).Audited(AuditActs.ChangeContacts);
        portal.MapPost($"{Address}/remove", Remove).Needs(Permission.ManageContacts).Audited(AuditActs.ChangeContacts);
        portal.MapPost($"{Address}/webhooks", AddWebhook).Needs(Permission.ManageContacts).Audited(AuditActs.AddWebhook);
        portal.MapPost($"{Address}/webhooks/remove", RemoveWebhook).Needs(Permission.ManageContacts).Audited(AuditActs.RemoveWebhook);
    }

    private static Task<IResult> Show(string tenant, IGrainFactory grains, PortalRequest portal, CancellationToken cancellation, string? edit = null) =>
        PageAsync(tenant, grains, portal, new ContactsShown(edit ?? "", FormInput.Empty, null, null), cancellation);

    private static async Task<IResult> Save(string tenant, HttpContext context, IGrainFactory grains, PortalRequest portal, CancellationToken cancellation)
    {
        var (input, form) = (await FormInput.ReadAsync(context), await context.Request.ReadFormAsync(cancellation));
        var contact = new ContactBody(input["name"], input["email"], input["language"] == "En" ? NoticeLanguage.En : NoticeLanguage.Nl, Chosen<NoticeKind>(form["told"]), Chosen<ContactAuthority>(form["authority"]));
        return await ActAsync(tenant, grains, portal, new ContactsShown(input["former"], input, null, null), async () =>
        {
            // Who is named by his former address is replaced in his place; anybody else is new.
            var present = (await NoticeEndpoints.GetContacts(tenant, grains, cancellation)).Value!.Contacts ?? [];
            var at = input["former"].Length == 0 ? -1 : Array.FindIndex([.. present], one => one.Email == input["former"]);
            await NoticeEndpoints.SetContacts(tenant, new ContactListBody(at < 0 ? present.Add(contact) : present.SetItem(at, contact)), grains, cancellation);
        }, cancellation);
    }

    private static async Task<IResult> Remove(string tenant, HttpContext context, IGrainFactory grains, PortalRequest portal, CancellationToken cancellation)
    {
        var input = await FormInput.ReadAsync(context);
        return await ActAsync(tenant, grains, portal, new ContactsShown("", FormInput.Empty, null, null), async () =>
        {
            var present = (await NoticeEndpoints.GetContacts(tenant, grains, cancellation)).Value!.Contacts ?? [];
            await NoticeEndpoints.SetContacts(tenant, new ContactListBody([.. present.Where(one => one.Email != input["former"])]), grains, cancellation);
        }, cancellation);
    }

    private static async Task<IResult> AddWebhook(string tenant, HttpContext context, IGrainFactory grains, PortalRequest portal, CancellationToken cancellation)
    {
        var input = await FormInput.ReadAsync(context);
        var shown = new ContactsShown("", input, null, null);
        try
        {
            var made = (await NoticeEndpoints.AddWebhook(tenant, new WebhookRequestBody(input["url"], null, true), context, grains, cancellation)).Value!;
            // Shown once, in the answer itself: no address of a page holds a secret.
            return await PageAsync(tenant, grains, portal, shown with { Input = FormInput.Empty, Secret = made.Secret }, cancellation);
        }
        catch (Exception refused) when (Refusals.TextOf(refused) is not null)
        {
            return await PageAsync(tenant, grains, portal, shown with { Refused = Refusals.TextOf(refused) }, cancellation);
        }
    }

    private static async Task<IResult> RemoveWebhook(string tenant, HttpContext context, IGrainFactory grains, PortalRequest portal, CancellationToken cancellation)
    {
        var input = await FormInput.ReadAsync(context);
        return await ActAsync(tenant, grains, portal, new ContactsShown("", FormInput.Empty, null, null), () => NoticeEndpoints.RemoveWebhook(tenant, input["webhook"], grains, cancellation), cancellation);
    }

    private static async Task<IResult> ActAsync(string tenant, IGrainFactory grains, PortalRequest portal, ContactsShown shown, Func<Task> act, CancellationToken cancellation)
    {
        try
        {
            await act();
            return PageResults.SeeOther($"/tenants/{AddressParts.Tenant(tenant)}/contacts");
        }
        catch (Exception refused) when (Refusals.TextOf(refused) is not null)
        {
            return await PageAsync(tenant, grains, portal, shown with { Refused = Refusals.TextOf(refused) }, cancellation);
        }
    }

    private static async Task<IResult> PageAsync(string tenant, IGrainFactory grains, PortalRequest portal, ContactsShown shown, CancellationToken cancellation)
    {
        var id = AddressParts.Tenant(tenant);
        var name = await grains.Tenant(id).GetName(cancellation);
        var contacts = (await NoticeEndpoints.GetContacts(tenant, grains, cancellation)).Value!.Contacts ?? [];
        var webhooks = portal.May(Permission.ManageContacts, id) ? (await NoticeEndpoints.ListWebhooks(tenant, grains, cancellation)).Value!.Webhooks : [];
        return PageResults.Show<ContactsPage, ContactsModel>(new ContactsModel(id, name, contacts, webhooks, shown), shown.Refused is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    private static ImmutableArray<T> Chosen<T>(IEnumerable<string?> values)
        where T : struct, Enum => [.. values.Select(value => Enum.TryParse<T>(value, out var one) && Enum.IsDefined(one) ? one : (T?)null).OfType<T>()];
}

/// <param name="Webhooks">Empty for who may not see them.</param>
public sealed record ContactsModel(TenantId Tenant, string TenantName, ImmutableArray<ContactBody> Contacts, ImmutableArray<WebhookBody> Webhooks, ContactsShown Shown);

/// <param name="Edit">The address of the contact that is changed; <c>new</c> for another; empty: none.</param>
/// <param name="Secret">Of a webhook that was made just now: shown this once.</param>
public sealed record ContactsShown(string Edit, FormInput Input, string? Refused, string? Secret);
