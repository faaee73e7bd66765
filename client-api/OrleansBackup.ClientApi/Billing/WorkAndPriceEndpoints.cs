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
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Billing;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.ClientApi.Billing;

/// <summary>Work that was done, what came in for it, and what things cost.</summary>
internal static class WorkAndPriceEndpoints
{
    private static readonly ListOrder<WorkOrder> WorkOrderOrder = new(order => order.Id.ToString(), ("-openedAt", order => SortText.Of(order.OpenedAt)), ("kind", order => order.Kind.ToString()), ("subject", order => SortText.Of(order.Subject)));
    private static readonly ListOrder<Payment> PaymentOrder = new(payment => payment.Id, ("on", payment => SortText.Of(payment.On)), ("invoice", payment => payment.Invoice));

    private static readonly ListOrder<PriceList> PriceOrder = new(list => list.Id, ("id", list => list.Id), ("name", list => SortText.Of(list.Name.Nl)));

    public static void MapWorkAndPrices(this IEndpointRouteBuilder api)
    {
        var tenant = api.MapGroup("/tenants/{tenant}").WithTags("Billing");
        tenant.MapGet("/payments", ListPayments).Needs(Permission.SeeBilling).WithSummary("Lists what the customer paid.");
        tenant.MapPost("/payments", Pay).Needs(Permission.ManageBilling).Audited(AuditActs.BookPayment, withBody: true).WithSummary("Books a payment. Safe to repeat: the bank's id of it is booked once.");
        tenant.MapGet("/work-orders", ListWork).Needs(Permission.SeeBilling).WithSummary("Lists the work that was done for the customer, newest first.");
        tenant.MapPost("/work-orders", OpenWork).Needs(Permission.ManageWork).Audited(AuditActs.ChangeWork, withBody: true).WithSummary("Opens a piece of work. Safe to repeat: the same kind, subject and cause are the same work.");
        tenant.MapPost("/work-orders/{order}/closing", CloseWork).Needs(Permission.ManageWork).Audited(AuditActs.ChangeWork, withBody: true).WithSummary("Ends a piece of work with the time spent.");
        tenant.MapPost("/work-orders/{order}/decision", DecideWork).Needs(Permission.ManageBilling).Audited(AuditActs.ChangeWork, withBody: true).WithSummary("Decides who pays for a piece of work, against the plan's rule or where it has none.");
        var prices = api.MapGroup("/price-lists").WithTags("Billing");
        prices.MapGet("", ListPrices).Needs(Permission.SeeBilling).WithSummary("Lists the price lists with all their versions.");
        prices.MapGet("/{list}", GetPrices).Needs(Permission.SeeBilling).Tagged().WithSummary("Gives a price list with all its versions, with an ETag.");
        prices.MapPut("/{list}", PutPrices).Needs(Permission.ManageBilling).Audited(AuditActs.ChangePrices, withBody: true).ChangesTagged(ReadPrices).WithSummary("Adds a price list, or versions to one. Versions that have begun do not change.");
        prices.MapPost("/{list}/indexations", Index).Needs(Permission.ManageBilling).Audited(AuditActs.ChangePrices, withBody: true).ChangesTagged(ReadPrices).WithSummary("Raises the prices of a list by a percentage from a day to come. Invoices that were made do not change.");
    }

    private static async Task<Ok<PaymentListBody>> ListPayments(string tenant, IGrainFactory grains, CancellationToken cancellation, string? sort = null, string? after = null, int? limit = null)
    {
        await Book(tenant, grains, cancellation);
        var (part, next) = PaymentOrder.Take(await grains.InvoiceBook().ListPayments(AddressParts.Tenant(tenant), cancellation), sort, after, ListParts.Limit(limit));
        return TypedResults.Ok(new PaymentListBody(part) { Next = next });
    }

    private static async Task<Ok<Payment>> Pay(string tenant, PaymentBody body, IGrainFactory grains, HttpContext context, CancellationToken cancellation)
    {
        var payment = new Payment(body.Id ?? throw Missing("id"), body.Invoice ?? throw Missing("invoice"), body.On ?? throw Missing("on"), body.Amount ?? throw Missing("amount"), Acting.Holder(context));
        await Book(tenant, grains, cancellation);
        await grains.InvoiceBook().Pay(AddressParts.Tenant(tenant), payment, cancellation);
        return TypedResults.Ok(payment);
    }

    internal static async Task<Ok<WorkOrderListBody>> ListWork(string tenant, IGrainFactory grains, CancellationToken cancellation, bool? open = null, string? sort = null, string? after = null, int? limit = null)
    {
        var orders = await (await Book(tenant, grains, cancellation)).List(cancellation);
        var (part, next) = WorkOrderOrder.Take(orders.Where(order => open is null || (order.Closing is null) == open), sort, after, ListParts.Limit(limit));
        return TypedResults.Ok(new WorkOrderListBody(part) { Next = next });
    }

    private static async Task<Ok<WorkOrder>> OpenWork(string tenant, WorkOrderBody body, IGrainFactory grains, CancellationToken cancellation)
    {
        var (kind, subject, description) = (body.Kind ?? throw Missing("kind"), body.Subject ?? throw Missing("subject"), body.Description ?? throw Missing("description"));
        return TypedResults.Ok(await (await Book(tenant, grains, cancellation)).Open(kind, subject, description, body.CauseReference, cancellation));
    }

    internal static async Task<Ok<WorkOrder>> CloseWork(string tenant, string order, WorkClosingBody body, IGrainFactory grains, CancellationToken cancellation)
    {
        var (id, minutes, delivered) = (Order(order), body.Minutes ?? throw Missing("minutes"), body.Delivered ?? throw Missing("delivered"));
        return TypedResults.Ok(await (await Book(tenant, grains, cancellation)).Close(id, minutes, delivered, cancellation));
    }

    private static async Task<Ok<WorkOrder>> DecideWork(string tenant, string order, WorkDecisionBody body, IGrainFactory grains, HttpContext context, CancellationToken cancellation)
    {
        var (id, charge, reason) = (Order(order), body.Charge ?? throw Missing("charge"), body.Reason ?? throw Missing("reason"));
        return TypedResults.Ok(await (await Book(tenant, grains, cancellation)).Decide(id, charge, reason, body.Agreement, Acting.Holder(context), cancellation));
    }

    private static async Task<Ok<PriceListsBody>> ListPrices(IGrainFactory grains, CancellationToken cancellation, string? sort = null, string? after = null, int? limit = null)
    {
        var (part, next) = PriceOrder.Take(await grains.PriceBook().List(cancellation), sort, after, ListParts.Limit(limit));
        return TypedResults.Ok(new PriceListsBody(part) { Next = next });
    }

    private static async Task<Ok<PriceList>> GetPrices(string list, IGrainFactory grains, CancellationToken cancellation) =>
        (await grains.PriceBook().List(cancellation)).FirstOrDefault(one => one.Id == list) is { } found
            ? TypedResults.Ok(found)
            : throw new NotFoundException("There is no such price list; list them to see those there are.");

    private static async Task<object> ReadPrices(HttpContext context, IGrainFactory grains) => (await GetPrices(context.RouteText("list"), grains, context.RequestAborted)).Value!;

    private static async Task<Ok<PriceList>> PutPrices(string list, PriceList body, IGrainFactory grains, CancellationToken cancellation) => body.Id == list
        ? TypedResults.Ok(await grains.PriceBook().Put(body, cancellation))
        : throw new ProblemException(Problem.InvalidField("id", "The list's id is the one in the address."));

    private static async Task<Ok<PriceList>> Index(string list, IndexationBody body, IGrainFactory grains, HttpContext context, CancellationToken cancellation) =>
        TypedResults.Ok(await grains.PriceBook().Index(list, body.ValidFrom ?? throw Missing("validFrom"), body.Percent ?? throw Missing("percent"), body.Reason ?? throw Missing("reason"), Acting.Holder(context), cancellation));

    private static async Task<IWorkOrderBookGrain> Book(string tenant, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = AddressParts.Tenant(tenant);
        await grains.Tenant(id).GetName(cancellation);
        return grains.WorkOrders(id);
    }

    private static Guid Order(string text) => Guid.TryParseExact(text, "D", out var id) ? id
        : throw new ProblemException(Problem.InvalidField("order", "'order' must be the id of a work order: a GUID, as the list gives it."));

    private static ProblemException Missing(string field) => new(Problem.FieldMissing(field));
}
