using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Changes;
using OrleansBackup.ClientApi.Lists;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Notices;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.ClientApi.Notices;

/// <summary>Whom of a customer to tell things, what was told, and by which ways.</summary>
internal static class NoticeEndpoints
{
    private static readonly ListOrder<WebhookListing> WebhookOrder = new(webhook => $"{webhook.Id:D}", ("createdAt", webhook => SortText.Of(webhook.CreatedAt)), ("url", webhook => SortText.Of(webhook.Settings.Url)));

    public static void MapNotices(this IEndpointRouteBuilder api)
    {
        var tenant = api.MapGroup("/tenants/{tenant}").WithTags("Notices");
        tenant.MapGet("/contacts", GetContacts).Needs(Permission.SeeTenant).Tagged().WithSummary("Lists the customer's contacts: who is told what, and who may decide what.");
        tenant.MapPut("/contacts", SetContacts).Needs(Permission.ManageContacts).Audited(AuditActs.ChangeContacts).ChangesTagged(ReadContacts).WithSummary("Replaces the customer's contacts. Notices that had nobody to go to go out then.");
        tenant.MapGet("/notices", List).Needs(Permission.SeeTenant).WithSummary("Lists what the customer was or is to be told, newest first, and whether it arrived.");
        tenant.MapPost("/notices/{notice}/resend", Resend).Needs(Permission.ManageContacts).Audited(AuditActs.ResendNotice).WithSummary("Sends a notice again: to everybody it went to, and to contacts of now.");
        tenant.MapGet("/webhooks", ListWebhooks).Needs(Permission.ManageContacts).WithSummary("Lists the addresses that are called with notices.");
        tenant.MapPost("/webhooks", AddWebhook).Needs(Permission.ManageContacts).Audited(AuditActs.AddWebhook).WithMetadata(new AnswerHoldsSecret()).WithSummary("Adds an address to call with notices, and shows the secret of its signatures this once.");
        tenant.MapGet("/webhooks/{webhook}", GetWebhook).Needs(Permission.ManageContacts).Tagged().WithSummary("Gives a webhook, with an ETag.");
        tenant.MapPut("/webhooks/{webhook}", ChangeWebhook).Needs(Permission.ManageContacts).Audited(AuditActs.ChangeWebhook).ChangesTagged(ReadWebhook).WithSummary("Changes a webhook; its secret stays.");
        tenant.MapDelete("/webhooks/{webhook}", RemoveWebhook).Needs(Permission.ManageContacts).Audited(AuditActs.RemoveWebhook).ChangesTagged(ReadWebhook).WithSummary("Removes a webhook. Safe to repeat.");
    }

    public static async Task<Ok<ContactListBody>> GetContacts(string tenant, IGrainFactory grains, CancellationToken cancellation)
    {
        var book = await Book(tenant, grains, cancellation);
        return TypedResults.Ok(new ContactListBody([.. (await book.GetContacts(cancellation)).Select(ContactBody.Of)]));
    }

    public static async Task<Ok<ContactListBody>> SetContacts(string tenant, ContactListBody body, IGrainFactory grains, CancellationToken cancellation)
    {
        var contacts = NoticeReader.Contacts(body);
        var book = await Book(tenant, grains, cancellation);
        return TypedResults.Ok(new ContactListBody([.. (await book.SetContacts(contacts, cancellation)).Select(ContactBody.Of)]));
    }

    private static async Task<Ok<NoticeListBody>> List(string tenant, IGrainFactory grains, CancellationToken cancellation, string? after = null, int? limit = null)
    {
        var (book, last, most) = (await Book(tenant, grains, cancellation), after is null ? (Guid?)null : Id(after, "after"), AddressParts.Limit(limit));
        var page = await book.ListNotices(last, most, cancellation);
        return TypedResults.Ok(new NoticeListBody([.. page.Notices.Select(NoticeBody.Of)], page.Next));
    }

    private static async Task<Accepted<NoticeBody>> Resend(string tenant, string notice, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = Id(notice, "notice");
        var book = await Book(tenant, grains, cancellation);
        return TypedResults.Accepted((string?)null, NoticeBody.Of(await book.Resend(id, cancellation)));
    }

    private static async Task<object> ReadContacts(HttpContext context, IGrainFactory grains) => (await GetContacts(context.RouteText("tenant"), grains, context.RequestAborted)).Value!;

    private static async Task<Ok<WebhookBody>> GetWebhook(string tenant, string webhook, IGrainFactory grains, CancellationToken cancellation)
    {
        var (id, book) = (Id(webhook, "webhook"), await Book(tenant, grains, cancellation));
        return (await book.ListWebhooks(cancellation)).FirstOrDefault(one => one.Id == id) is { } found
            ? TypedResults.Ok(WebhookBody.Of(found))
            : throw new NotFoundException("There is no such webhook; list them to see those there are.");
    }

    private static async Task<object> ReadWebhook(HttpContext context, IGrainFactory grains) =>
        (await GetWebhook(context.RouteText("tenant"), context.RouteText("webhook"), grains, context.RequestAborted)).Value!;

    public static async Task<Ok<WebhookListBody>> ListWebhooks(string tenant, IGrainFactory grains, CancellationToken cancellation, string? sort = null, string? after = null, int? limit = null)
    {
        var book = await Book(tenant, grains, cancellation);
        var (part, next) = WebhookOrder.Take(await book.ListWebhooks(cancellation), sort, after, ListParts.Limit(limit));
        return TypedResults.Ok(new WebhookListBody([.. part.Select(WebhookBody.Of)]) { Next = next });
    }

    public static async Task<Created<WebhookCreatedBody>> AddWebhook(string tenant, WebhookRequestBody body, HttpContext context, IGrainFactory grains, CancellationToken cancellation)
    {
        var settings = NoticeReader.Webhook(body);
        var book = await Book(tenant, grains, cancellation);
        var created = await book.AddWebhook(settings, cancellation);
        context.Response.Headers.CacheControl = "no-store"; // the secret stands in the answer
        return TypedResults.Created($"/api/v1/tenants/{tenant}/webhooks", new WebhookCreatedBody(WebhookBody.Of(created.Webhook), created.Secret));
    }

    private static async Task<Ok<WebhookBody>> ChangeWebhook(string tenant, string webhook, WebhookRequestBody body, IGrainFactory grains, CancellationToken cancellation)
    {
        var (id, settings) = (Id(webhook, "webhook"), NoticeReader.Webhook(body));
        var book = await Book(tenant, grains, cancellation);
        return TypedResults.Ok(WebhookBody.Of(await book.ChangeWebhook(id, settings, cancellation)));
    }

    public static async Task<NoContent> RemoveWebhook(string tenant, string webhook, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = Id(webhook, "webhook");
        await (await Book(tenant, grains, cancellation)).RemoveWebhook(id, cancellation);
        return TypedResults.NoContent();
    }

    // A book of a tenant that is none would be kept and never looked at.
    private static async Task<INoticeBookGrain> Book(string tenant, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = AddressParts.Tenant(tenant);
        await grains.Tenant(id).GetName(cancellation);
        return grains.NoticeBook(id);
    }

    private static Guid Id(string text, string field) => Guid.TryParseExact(text, "D", out var id)
        ? id
        : throw new ProblemException(Problem.InvalidField(field, $"'{field}' must be an id as the list gives it: a GUID."));
}
