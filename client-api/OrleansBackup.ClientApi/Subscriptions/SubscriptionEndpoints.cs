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
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Subscriptions;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Subscriptions;

namespace OrleansBackup.ClientApi.Subscriptions;

/// <summary>Who hears of which events, for the whole estate and for one tenant: the same addresses under both.</summary>
internal static class SubscriptionEndpoints
{
    private static readonly ListOrder<SubscriptionListing> Order = new(one => $"{one.Id:D}", ("createdAt", one => SortText.Of(one.CreatedAt)), ("name", one => SortText.Of(one.Settings.Name)), ("address", one => SortText.Of(one.Settings.Address)));

    public static void MapSubscriptions(this IEndpointRouteBuilder api)
    {
        api.MapGet("/event-kinds", () => TypedResults.Ok(new EventKindListBody([.. EventCatalogue.All.Where(kind => kind.Kind != EventKind.Test).Select(EventKindBody.Of)])))
            .WithTags("Subscriptions").Needs(Permission.SeeCatalogue, Reach.Nothing).WithSummary("Lists every kind of event that can be subscribed to, in Dutch and English.");
        Map(api.MapGroup("/subscriptions").WithTags("Subscriptions"), "of the whole estate", Permission.OperateService, Permission.ManageProvider);
        Map(api.MapGroup("/tenants/{tenant}/subscriptions").WithTags("Subscriptions"), "of one tenant", Permission.ManageContacts, Permission.ManageContacts);
    }

    private static void Map(RouteGroupBuilder group, string whose, Permission see, Permission change)
    {
        group.MapGet("", List).Needs(see).WithSummary($"Lists who hears of the events {whose}, and how that goes.");
        group.MapPost("", Add).Needs(change).Audited(AuditActs.AddSubscription).WithMetadata(new AnswerHoldsSecret()).WithSummary($"Subscribes to events {whose}, and shows the secret of a webhook's signatures this once.");
        group.MapGet("/{subscription}", Get).Needs(see).Tagged().WithSummary("Gives a subscription, with an ETag.");
        group.MapPut("/{subscription}", Change).Needs(change).Audited(AuditActs.ChangeSubscription).ChangesTagged(ReadAsync).WithSummary("Changes a subscription; its channel and its secret stay.");
        group.MapDelete("/{subscription}", Remove).Needs(change).Audited(AuditActs.RemoveSubscription).ChangesTagged(ReadAsync).WithSummary("Removes a subscription and what waits for it. Safe to repeat.");
        group.MapPost("/{subscription}/secret", RotateSecret).Needs(change).Audited(AuditActs.ChangeSubscription).WithMetadata(new AnswerHoldsSecret()).WithSummary("Gives a webhook a new secret and shows it this once; for a day calls are signed with both.");
        group.MapPost("/{subscription}/test", Test).Needs(change).Audited(AuditActs.TestSubscription).WithSummary("Sends an event of the kind test.");
        group.MapGet("/{subscription}/deliveries", ListDeliveries).Needs(see).WithSummary("Lists deliveries, newest first, with their attempts.");
        group.MapPost("/{subscription}/deliveries/{delivery}/resend", Resend).Needs(change).Audited(AuditActs.ResendEvent).WithSummary("Sends an event again, whatever became of it.");
    }

    public static async Task<Ok<SubscriptionListBody>> List(HttpContext context, IGrainFactory grains, CancellationToken cancellation, bool? enabled = null, string? name = null, string? sort = null, string? after = null, int? limit = null)
    {
        var tenant = await TenantAsync(context, grains, cancellation);
        var listings = (await grains.Subscriptions(tenant).List(cancellation)).Where(one => (enabled is null || one.Settings.Enabled == enabled) && ListParts.Passes(name, one.Settings.Name, one.Settings.Address));
        var (part, next) = Order.Take(listings, sort, after, ListParts.Limit(limit));
        return TypedResults.Ok(new SubscriptionListBody([.. await Task.WhenAll(part.Select(async listing =>
            SubscriptionBody.Of(listing, await grains.Outbox(tenant, listing.Id).GetStanding(cancellation))))]) { Next = next });
    }

    public static async Task<Created<SubscriptionCreatedBody>> Add(SubscriptionRequestBody body, HttpContext context, IGrainFactory grains, CancellationToken cancellation)
    {
        var settings = Settings(body);
        var tenant = await TenantAsync(context, grains, cancellation);
        var created = await grains.Subscriptions(tenant).Add(settings, cancellation);
        context.Response.Headers.CacheControl = "no-store"; // the secret stands in the answer
        return TypedResults.Created($"{context.Request.Path}/{created.Subscription.Id:D}", new SubscriptionCreatedBody(SubscriptionBody.Of(created.Subscription), created.Secret));
    }

    public static async Task<Ok<SubscriptionBody>> Get(string subscription, HttpContext context, IGrainFactory grains, CancellationToken cancellation)
    {
        var (_, listing) = await KnownAsync(subscription, context, grains, cancellation);
        return TypedResults.Ok(SubscriptionBody.Of(listing));
    }

    private static async Task<object> ReadAsync(HttpContext context, IGrainFactory grains) => (await Get(context.RouteText("subscription"), context, grains, context.RequestAborted)).Value!;

    public static async Task<Ok<SubscriptionBody>> Change(string subscription, SubscriptionRequestBody body, HttpContext context, IGrainFactory grains, CancellationToken cancellation)
    {
        var (id, settings) = (Id(subscription, "subscription"), Settings(body));
        var tenant = await TenantAsync(context, grains, cancellation);
        return TypedResults.Ok(SubscriptionBody.Of(await grains.Subscriptions(tenant).Change(id, settings, cancellation)));
    }

    public static async Task<NoContent> Remove(string subscription, HttpContext context, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = Id(subscription, "subscription");
        await grains.Subscriptions(await TenantAsync(context, grains, cancellation)).Remove(id, cancellation);
        return TypedResults.NoContent();
    }

    public static async Task<Ok<SubscriptionCreatedBody>> RotateSecret(string subscription, HttpContext context, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = Id(subscription, "subscription");
        var tenant = await TenantAsync(context, grains, cancellation);
        var created = await grains.Subscriptions(tenant).RotateSecret(id, cancellation);
        context.Response.Headers.CacheControl = "no-store"; // the secret stands in the answer
        return TypedResults.Ok(new SubscriptionCreatedBody(SubscriptionBody.Of(created.Subscription), created.Secret));
    }

    public static async Task<Accepted> Test(string subscription, HttpContext context, IGrainFactory grains, TimeProvider time, CancellationToken cancellation)
    {
        var (tenant, listing) = await KnownAsync(subscription, context, grains, cancellation);
        var now = time.GetUtcNow();
        await grains.Outbox(tenant, listing.Id).Accept(ServiceEvent.Of(EventKind.Test, tenant, $"{Guid.CreateVersion7(now):D}", now, $"subscriptions/{listing.Id:D}", ("askedBy", context.User.Identity?.Name ?? "")), cancellation);
        return TypedResults.Accepted((string?)null);
    }

    public static async Task<Ok<EventDeliveryListBody>> ListDeliveries(
        string subscription, HttpContext context, IGrainFactory grains, CancellationToken cancellation, long? after = null, int? limit = null, string? state = null)
    {
        var most = AddressParts.Limit(limit);
        var wanted = state is null ? (EventDeliveryState?)null : Enum.TryParse<EventDeliveryState>(state, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed) && !int.TryParse(state, out _)
            ? parsed : throw new ProblemException(Problem.InvalidField("state", "'state' is pending, delivered, failed or givenUp."));
        var (tenant, listing) = await KnownAsync(subscription, context, grains, cancellation);
        var page = await grains.Outbox(tenant, listing.Id).List(after, most, wanted, cancellation);
        return TypedResults.Ok(new EventDeliveryListBody([.. page.Deliveries.Select(EventDeliveryBody.Of)], page.Next));
    }

    public static async Task<Accepted<EventDeliveryBody>> Resend(string subscription, string delivery, HttpContext context, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = Id(delivery, "delivery");
        var (tenant, listing) = await KnownAsync(subscription, context, grains, cancellation);
        return TypedResults.Accepted((string?)null, EventDeliveryBody.Of(await grains.Outbox(tenant, listing.Id).Resend(id, cancellation)));
    }

    /// <summary>An outbox of a subscription that is none would be kept and never looked at.</summary>
    private static async Task<(TenantId? Tenant, SubscriptionListing Listing)> KnownAsync(string subscription, HttpContext context, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = Id(subscription, "subscription");
        var tenant = await TenantAsync(context, grains, cancellation);
        return (tenant, (await grains.Subscriptions(tenant).List(cancellation)).FirstOrDefault(listing => listing.Id == id) ?? throw new NotFoundException($"There is no subscription {id:D}."));
    }

    /// <summary>Null: the address is the provider's. A book of a tenant that is none would be kept and never looked at.</summary>
    private static async Task<TenantId?> TenantAsync(HttpContext context, IGrainFactory grains, CancellationToken cancellation)
    {
        if (context.Request.RouteValues["tenant"]?.ToString() is not { } text)
            return null;
        var id = AddressParts.Tenant(text);
        await grains.Tenant(id).GetName(cancellation);
        return id;
    }

    private static SubscriptionSettings Settings(SubscriptionRequestBody body) => new(
        string.IsNullOrWhiteSpace(body.Name) ? throw new ProblemException(Problem.FieldMissing("name")) : body.Name.Trim(), body.Channel ?? NoticeChannel.Webhook,
        string.IsNullOrWhiteSpace(body.Address) ? throw new ProblemException(Problem.FieldMissing("address")) : body.Address.Trim(),
        body.Kinds is { IsDefault: false } kinds ? [.. kinds] : throw new ProblemException(Problem.FieldMissing("kinds")), body.Language ?? NoticeLanguage.Nl, body.Enabled ?? true);

    private static Guid Id(string text, string field) => Guid.TryParseExact(text, "D", out var id)
        ? id
        : throw new ProblemException(Problem.InvalidField(field, $"'{field}' must be an id as the list gives it: a GUID."));
}
