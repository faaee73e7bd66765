using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.ClientApi.Subscriptions;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Subscriptions;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Subscriptions;

/// <summary>Who hears of which events, of the whole estate and of one tenant: making and trying one, what was delivered, what is tried again. Each act is the API's.</summary>
internal static class SubscriptionPages
{
    private const int DeliveriesShown = 25;

    public static void MapSubscriptionPages(this IEndpointRouteBuilder portal)
    {
        Map(portal, "/subscriptions", Permission.OperateService, Permission.ManageProvider);
        Map(portal, "/tenants/{tenant}/subscriptions", Permission.ManageContacts, Permission.ManageContacts);
    }

    private static void Map(IEndpointRouteBuilder portal, string address, Permission see, Permission change)
    {
        portal.MapPage(address, List).Needs(see);
        portal.MapPost(address, Add).Needs(change).Audited(AuditActs.AddSubscription);
        portal.MapPage($"{address}/{{subscription}}", Show).Needs(see);
        portal.MapPost($"{address}/{{subscription}}/change", Change).Needs(change).Audited(AuditActs.ChangeSubscription);
        portal.MapPost($"{address}/{{subscription}}/secret", RotateSecret).Needs(change).Audited(AuditActs.ChangeSubscription);
        portal.MapPost($"{address}/{{subscription}}/test", Test).Needs(change).Audited(AuditActs.TestSubscription);
        portal.MapPost($"{address}/{{subscription}}/remove", Remove).Needs(change).Audited(AuditActs.RemoveSubscription);
        portal.MapPost($"{address}/{{subscription}}/deliveries/{{delivery}}/resend", Resend).Needs(change).Audited(AuditActs.ResendEvent);
    }

    private static async Task<IResult> List(HttpContext context, IGrainFactory grains, CancellationToken cancellation, string? done = null) =>
        await ListAsync(SubscriptionForm.Blank, null, done == "removed", context, grains, cancellation);

    private static async Task<IResult> Add(HttpContext context, IGrainFactory grains, CancellationToken cancellation)
    {
        var form = await SubscriptionForm.ReadAsync(context);
        try
        {
            var made = (await SubscriptionEndpoints.Add(form.Body, context, grains, cancellation)).Value!;
            // A secret stands in the answer itself, once: no address of a page holds it.
            return made.Secret is null ? PageResults.SeeOther((await OwnerAsync(context, grains, cancellation)).AddressOf(made.Subscription.Id))
                : await ListAsync(SubscriptionForm.Blank, made, false, context, grains, cancellation);
        }
        catch (Exception refused) when (Refusals.TextOf(refused) is not null)
        {
            return await ListAsync(form.RefusedBy(refused), null, false, context, grains, cancellation);
        }
    }

    private static Task<IResult> Show(
        string subscription, HttpContext context, IGrainFactory grains, CancellationToken cancellation, long? after = null, string? state = null, string? done = null) =>
        ShowAsync(subscription, null, null, done is "test" or "resent" or "changed" ? done : null, after, state, context, grains, cancellation);

    private static async Task<IResult> Change(string subscription, HttpContext context, IGrainFactory grains, CancellationToken cancellation)
    {
        var form = await SubscriptionForm.ReadAsync(context);
        return await ActAsync(subscription, "changed", form, () => SubscriptionEndpoints.Change(subscription, form.Body, context, grains, cancellation), context, grains, cancellation);
    }

    private static async Task<IResult> RotateSecret(string subscription, HttpContext context, IGrainFactory grains, CancellationToken cancellation) =>
        await ShowAsync(subscription, null, (await SubscriptionEndpoints.RotateSecret(subscription, context, grains, cancellation)).Value, null, null, null, context, grains, cancellation);

    private static Task<IResult> Test(string subscription, HttpContext context, IGrainFactory grains, TimeProvider time, CancellationToken cancellation) =>
        ActAsync(subscription, "test", null, () => SubscriptionEndpoints.Test(subscription, context, grains, time, cancellation), context, grains, cancellation);

    private static Task<IResult> Resend(string subscription, string delivery, HttpContext context, IGrainFactory grains, CancellationToken cancellation) =>
        ActAsync(subscription, "resent", null, () => SubscriptionEndpoints.Resend(subscription, delivery, context, grains, cancellation), context, grains, cancellation);

    private static async Task<IResult> Remove(string subscription, HttpContext context, IGrainFactory grains, CancellationToken cancellation)
    {
        await SubscriptionEndpoints.Remove(subscription, context, grains, cancellation);
        return PageResults.SeeOther($"{(await OwnerAsync(context, grains, cancellation)).Address}?done=removed");
    }

    private static async Task<IResult> ActAsync(string subscription, string done, SubscriptionForm? form, Func<Task> act, HttpContext context, IGrainFactory grains, CancellationToken cancellation)
    {
        try
        {
            await act();
            return PageResults.SeeOther($"{(await OwnerAsync(context, grains, cancellation)).Address}/{subscription}?done={done}");
        }
        catch (Exception refused) when (form is not null && Refusals.TextOf(refused) is not null)
        {
            return await ShowAsync(subscription, form.RefusedBy(refused), null, null, null, null, context, grains, cancellation);
        }
    }

    private static async Task<IResult> ListAsync(SubscriptionForm form, SubscriptionCreatedBody? made, bool isRemoved, HttpContext context, IGrainFactory grains, CancellationToken cancellation)
    {
        var owner = await OwnerAsync(context, grains, cancellation);
        var all = (await SubscriptionEndpoints.List(context, grains, cancellation)).Value!.Subscriptions;
        return PageResults.Show<SubscriptionsPage, SubscriptionsModel>(new SubscriptionsModel(owner, all, form, made, isRemoved), StatusOf(form));
    }

    private static async Task<IResult> ShowAsync(
        string subscription, SubscriptionForm? form, SubscriptionCreatedBody? made, string? done, long? after, string? state, HttpContext context, IGrainFactory grains, CancellationToken cancellation)
    {
        var owner = await OwnerAsync(context, grains, cancellation);
        var one = (await SubscriptionEndpoints.Get(subscription, context, grains, cancellation)).Value!;
        var only = Enum.TryParse<EventDeliveryState>(state, ignoreCase: true, out var asked) && Enum.IsDefined(asked) ? asked : (EventDeliveryState?)null;
        var deliveries = (await SubscriptionEndpoints.ListDeliveries(subscription, context, grains, cancellation, after, DeliveriesShown, only?.ToString())).Value!;
        form ??= SubscriptionForm.Of(one);
        return PageResults.Show<SubscriptionPage, SubscriptionModel>(
            new SubscriptionModel(owner, one, deliveries.Deliveries, after, deliveries.Next, only, form, made, done), StatusOf(form));
    }

    private static int StatusOf(SubscriptionForm form) => form.Input.HasProblems ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK;

    private static async Task<SubscriptionOwner> OwnerAsync(HttpContext context, IGrainFactory grains, CancellationToken cancellation)
    {
        if (context.Request.RouteValues["tenant"]?.ToString() is not { } tenant)
            return new(null, "");
        var id = AddressParts.Tenant(tenant);
        return new(id, await grains.Tenant(id).GetName(cancellation));
    }
}

/// <summary>Whose events: a tenant's or those of the whole estate.</summary>
/// <param name="Tenant">Null: the estate.</param>
public sealed record SubscriptionOwner(TenantId? Tenant, string TenantName)
{
    public string Address => Tenant is { } tenant ? $"/tenants/{tenant}/subscriptions" : "/subscriptions";

    public string AddressOf(Guid subscription) => $"{Address}/{subscription:D}";

    /// <summary>What can be subscribed to here, without the test that only a person asks for.</summary>
    public ImmutableArray<EventDescription> Kinds => [.. EventCatalogue.All.Where(kind => kind.Kind != EventKind.Test && (Tenant is null || kind.OfTenant))];

    public bool MayChange(PortalRequest portal) => Tenant is { } tenant ? portal.May(Permission.ManageContacts, tenant) : portal.May(Permission.ManageProvider);
}

/// <summary>What a person wrote of a subscription.</summary>
/// <param name="Kinds">Those that are chosen.</param>
public sealed record SubscriptionForm(FormInput Input, ImmutableArray<EventKind> Kinds)
{
    private static readonly ImmutableHashSet<string> Fields = ["name", "channel", "address", "language"];

    public static SubscriptionForm Blank { get; } = new(FormInput.Empty.With("channel", nameof(NoticeChannel.Webhook)).With("enabled", "yes"), []);

    public SubscriptionRequestBody Body => new(
        Input["name"], Enum.TryParse<NoticeChannel>(Input["channel"], out var channel) && Enum.IsDefined(channel) ? channel : null, Input["address"], Kinds,
        Input["language"] == nameof(NoticeLanguage.En) ? NoticeLanguage.En : NoticeLanguage.Nl, Input["enabled"] == "yes");

    public static SubscriptionForm Of(SubscriptionBody one) => new(
        FormInput.Empty.With("name", one.Name).With("channel", one.Channel.ToString()).With("address", one.Address).With("language", one.Language.ToString()).With("enabled", one.Enabled ? "yes" : ""), one.Kinds);

    public static async Task<SubscriptionForm> ReadAsync(HttpContext context)
    {
        var (input, form) = (await FormInput.ReadAsync(context), await context.Request.ReadFormAsync(context.RequestAborted));
        return new(input, [.. form["kinds"].Select(kind => Enum.TryParse<EventKind>(kind, out var one) && Enum.IsDefined(one) ? one : (EventKind?)null).OfType<EventKind>()]);
    }

    /// <summary>With what the service said, at its field where that is one of the form's.</summary>
    public SubscriptionForm RefusedBy(Exception refusal) =>
        this with { Input = Input.WithProblem(Refusals.FieldOf(refusal) is { } field && Fields.Contains(field) ? field : "", Refusals.TextOf(refusal) ?? "") };
}

/// <param name="Made">One that was made just now, with its secret: shown this once.</param>
public sealed record SubscriptionsModel(SubscriptionOwner Owner, ImmutableArray<SubscriptionBody> Subscriptions, SubscriptionForm Form, SubscriptionCreatedBody? Made, bool IsRemoved);

/// <param name="After">The sequence after which this part of the deliveries begins; null: the newest.</param>
/// <param name="Only">Null: however they stand.</param>
/// <param name="Made">With a new secret: shown this once.</param>
/// <param name="Done">What an act came to, as the end of the key of a text.</param>
public sealed record SubscriptionModel(
    SubscriptionOwner Owner, SubscriptionBody Subscription, ImmutableArray<EventDeliveryBody> Deliveries, long? After, long? Next, EventDeliveryState? Only, SubscriptionForm Form,
    SubscriptionCreatedBody? Made, string? Done);
