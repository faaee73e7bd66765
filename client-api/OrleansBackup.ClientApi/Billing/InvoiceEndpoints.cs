using System.Collections.Immutable;
using System.Text;
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
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Invoicing.Documents;
using OrleansBackup.Domain.Metering;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Plans;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.GrainInterfaces.Billing;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.ClientApi.Billing;

/// <summary>What a customer is charged, and on what it rests.</summary>
internal static class InvoiceEndpoints
{
    private const int EarliestYear = 2000;

    // Counted so where there is no contract yet: the enabled members.
    private static readonly UserRule WithoutContract = new(DisabledAccounts: false, Guests: false, SharedMailboxes: false, UnlicensedAccounts: true);

    private static readonly ListOrder<(BookedInvoice Invoice, Money Open)> Order = new(
        one => one.Invoice.Number, ("issuedOn", one => SortText.Of(one.Invoice.IssuedOn)), ("number", one => one.Invoice.Number), ("dueOn", one => SortText.Of(one.Invoice.DueOn)), ("month", one => one.Invoice.Month.ToString()));

    private static readonly ListOrder<OverdueInvoice> OverdueOrder = new(late => late.Invoice.Number, ("-daysLate", late => SortText.Of(late.DaysLate)), ("reminder", late => SortText.Of(late.Reminder)), ("number", late => late.Invoice.Number));

    public static void MapInvoices(this IEndpointRouteBuilder api)
    {
        var tenant = api.MapGroup("/tenants/{tenant}").WithTags("Billing");
        tenant.MapGet("/usage", GetUsage).Needs(Permission.SeeBilling).WithSummary("Lists the users of a month day by day, with the names behind every count.");
        tenant.MapGet("/usage.csv", GetUsageCsv).Needs(Permission.SeeBilling).WithSummary("The same as a table.").Produces<string>(StatusCodes.Status200OK, "text/csv");
        tenant.MapGet("/billing-profile", GetProfile).Needs(Permission.SeeBilling).Tagged().WithSummary("To whom and how the customer's invoices are made.");
        tenant.MapPut("/billing-profile", SetProfile).Needs(Permission.ManageBilling).Audited(AuditActs.ChangeBilling).ChangesTagged(ReadProfile).WithSummary("Changes to whom and how invoices are made from now on; issued ones stay.");
        tenant.MapGet("/invoices", List).Needs(Permission.SeeBilling).WithSummary("Lists the customer's invoices and credit notes, what is held, and what could be given back.");
        tenant.MapPost("/invoices/run", Run).Needs(Permission.ManageBilling).Audited(AuditActs.MakeInvoices).WithSummary("Makes every invoice that is due by now. It happens by itself; this does not wait for it. Safe to repeat.");
        tenant.MapGet("/invoices/{invoice}", GetJson).Needs(Permission.SeeBilling).WithSummary("The document as it was issued, byte for byte.").Produces<string>(StatusCodes.Status200OK, "application/json");
        tenant.MapGet("/invoices/{invoice}.ubl.xml", GetUbl).Needs(Permission.SeeBilling).WithSummary("The document as UBL 2.1, by Peppol BIS Billing 3.0 or NLCIUS.").Produces<string>(StatusCodes.Status200OK, "application/xml");
        tenant.MapGet("/invoices/{invoice}.html", GetHtml).Needs(Permission.SeeBilling).WithSummary("The document to read and to print, in Dutch or English.").Produces<string>(StatusCodes.Status200OK, "text/html");
        tenant.MapGet("/invoices/{invoice}.csv", GetCsv).Needs(Permission.SeeBilling).WithSummary("The document's lines as a table.").Produces<string>(StatusCodes.Status200OK, "text/csv");
        tenant.MapPost("/invoices/{invoice}/credit-notes", Credit).Needs(Permission.ManageBilling).Audited(AuditActs.MakeInvoices).WithSummary("Takes back an invoice or parts of it by a credit note.");
        tenant.MapGet("/liability", GetLiability).Needs(Permission.SeeBilling).WithSummary("What the customer paid in the months before a day, and what was delivered in them.");
        api.MapGet("/invoices/overdue", ListOverdue).Needs(Permission.SeeBilling, Reach.CallersTenants).WithTags("Billing").WithSummary("Lists what was not paid in time, of all customers, the longest first.");
    }

    public static async Task<Ok<UsageBody>> GetUsage(string tenant, IGrainFactory grains, TimeProvider time, CancellationToken cancellation, string? month = null)
    {
        var (usage, days) = await DaysAsync(tenant, month, grains, time, cancellation);
        return TypedResults.Ok(UsageBody.Of(usage, days));
    }

    private static async Task<ContentHttpResult> GetUsageCsv(string tenant, IGrainFactory grains, TimeProvider time, CancellationToken cancellation, string? month = null)
    {
        var (_, days) = await DaysAsync(tenant, month, grains, time, cancellation);
        return TypedResults.Text(InvoiceCsv.Of(days), "text/csv", Encoding.UTF8);
    }

    private static async Task<Ok<BillingProfile>> GetProfile(string tenant, IGrainFactory grains, CancellationToken cancellation) =>
        TypedResults.Ok(await (await Account(tenant, grains, cancellation)).GetProfile(cancellation)
            ?? throw new ProblemException(Problem.NotFound("Nobody has said yet to whom this tenant's invoices go; put a billing profile.")));

    private static async Task<object> ReadProfile(HttpContext context, IGrainFactory grains) => (await GetProfile(context.RouteText("tenant"), grains, context.RequestAborted)).Value!;

    private static async Task<Ok<BillingProfile>> SetProfile(string tenant, BillingProfile body, IGrainFactory grains, CancellationToken cancellation)
    {
        if (body.Customer is null)
            throw new ProblemException(Problem.FieldMissing("customer"));
        await (await Account(tenant, grains, cancellation)).SetProfile(body, cancellation);
        return TypedResults.Ok(body);
    }

    public static async Task<Ok<InvoiceListBody>> List(
        string tenant, IGrainFactory grains, CancellationToken cancellation, bool? open = null, string? sort = null, string? after = null, int? limit = null)
    {
        var most = ListParts.Limit(limit);
        var standing = await (await Account(tenant, grains, cancellation)).GetStanding(cancellation);
        return TypedResults.Ok(await ListingAsync(AddressParts.Tenant(tenant), standing, grains, cancellation, open, sort, after, most));
    }

    private static async Task<Ok<InvoiceListBody>> Run(string tenant, IGrainFactory grains, CancellationToken cancellation) =>
        TypedResults.Ok(await ListingAsync(AddressParts.Tenant(tenant), await (await Account(tenant, grains, cancellation)).BillWhatIsDue(cancellation), grains, cancellation));

    private static async Task<ContentHttpResult> GetJson(string tenant, string invoice, IGrainFactory grains, HttpContext context, CancellationToken cancellation)
    {
        var document = await (await Account(tenant, grains, cancellation)).GetDocument(invoice, cancellation);
        context.Response.Headers.ETag = $"\"{document.Sha256}\"";
        return TypedResults.Text(document.Json, "application/json", Encoding.UTF8);
    }

    private static async Task<ContentHttpResult> GetUbl(string tenant, string invoice, IGrainFactory grains, CancellationToken cancellation, string? profile = null, string? language = null) =>
        TypedResults.Text(UblInvoice.Of(await Document(tenant, invoice, grains, cancellation), profile switch
        {
            null or "peppol" => UblProfile.PeppolBilling3,
            "nlcius" => UblProfile.Nlcius,
            _ => throw new ProblemException(Problem.InvalidField("profile", "'profile' is peppol or nlcius.")),
        }, Language(language)), "application/xml", Encoding.UTF8);

    private static async Task<ContentHttpResult> GetHtml(string tenant, string invoice, IGrainFactory grains, HttpContext context, CancellationToken cancellation, string? language = null)
    {
        var html = InvoiceHtml.Of(await Document(tenant, invoice, grains, cancellation), Language(language));
        context.Response.Headers.ContentSecurityPolicy = SecurityHeaders.ForDocument(html);
        return TypedResults.Text(html, "text/html", Encoding.UTF8);
    }

    private static async Task<ContentHttpResult> GetCsv(string tenant, string invoice, IGrainFactory grains, CancellationToken cancellation, string? language = null) =>
        TypedResults.Text(InvoiceCsv.Of(await Document(tenant, invoice, grains, cancellation), Language(language)), "text/csv", Encoding.UTF8);

    private static async Task<Created<IssuedBody>> Credit(string tenant, string invoice, CreditNoteBody body, IGrainFactory grains, HttpContext context, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(body.Reason))
            throw new ProblemException(Problem.FieldMissing("reason"));
        var issued = await (await Account(tenant, grains, cancellation)).Credit(invoice, body.Lines is { IsDefault: false } lines ? lines : [], body.Reason, Acting.Holder(context), cancellation);
        return TypedResults.Created($"/api/v1/tenants/{tenant}/invoices/{issued.Number}", new IssuedBody(issued.Number, issued.Sha256));
    }

    private static async Task<Ok<LiabilityFigure>> GetLiability(string tenant, IGrainFactory grains, CancellationToken cancellation, string? asOf = null, int? months = null) =>
        TypedResults.Ok(await (await Account(tenant, grains, cancellation)).GetLiability(Day(asOf), months, cancellation));

    private static async Task<Ok<OverdueListBody>> ListOverdue(
        HttpContext context, IGrainFactory grains, TimeProvider time, CancellationToken cancellation, string? asOf = null, string? sort = null, string? after = null, int? limit = null)
    {
        var day = Day(asOf) ?? ContractCalendar.Amsterdam.DayOf(time.GetUtcNow());
        var overdue = await grains.InvoiceBook().ListOverdue(day, null, cancellation);
        var (part, next) = OverdueOrder.Take(overdue.Where(late => context.Caller().Reaches(late.Invoice.Tenant)), sort, after, ListParts.Limit(limit));
        return TypedResults.Ok(new OverdueListBody(day, [.. part.Select(late => new OverdueBody(InvoiceListingBody.Of(late.Invoice, late.Open), late.DaysLate, late.Reminder))]) { Next = next });
    }

    private static async Task<InvoiceListBody> ListingAsync(
        TenantId tenant, BillingStanding standing, IGrainFactory grains, CancellationToken cancellation, bool? open = null, string? sort = null, string? after = null, int limit = AddressParts.MaxLimit)
    {
        var (invoices, payments) = (await grains.InvoiceBook().List(tenant, cancellation), await grains.InvoiceBook().ListPayments(tenant, cancellation));
        var all = invoices.Select(invoice => (Invoice: invoice, Open: Payments.Open(invoice, invoices, payments)));
        var (part, next) = Order.Take(all.Where(one => open is null || (one.Open != Money.Zero) == open), sort, after, limit);
        return InvoiceListBody.Of(standing, part, next);
    }

    /// <summary>Each day counted by the plan that held on it.</summary>
    private static async Task<(MonthUsage Usage, ImmutableArray<DayUsage> Days)> DaysAsync(string tenant, string? month, IGrainFactory grains, TimeProvider time, CancellationToken cancellation)
    {
        await Account(tenant, grains, cancellation);
        var (id, of) = (AddressParts.Tenant(tenant), month is null ? CalendarMonth.Of(ContractCalendar.Amsterdam.DayOf(time.GetUtcNow())) : CalendarMonth.TryParse(month, out var named) ? named
            : throw new ProblemException(Problem.InvalidField("month", "'month' is a month such as 2026-03.")));
        var (usage, contract) = (await grains.Billing(id, of).GetUsage(cancellation), await grains.Contract(id).GetTimeline(cancellation));
        return (usage, [.. Enumerable.Range(0, of.Days).Select(of.First.AddDays).Select(day => usage.On(day, contract?.PlanOn(day)?.Billing.Users ?? WithoutContract))]);
    }

    private static async Task<Invoice> Document(string tenant, string invoice, IGrainFactory grains, CancellationToken cancellation) =>
        InvoiceFile.Read((await (await Account(tenant, grains, cancellation)).GetDocument(invoice, cancellation)).Json);

    // An account of a tenant that is none would be kept and never looked at.
    private static async Task<IBillingAccountGrain> Account(string tenant, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = AddressParts.Tenant(tenant);
        await grains.Tenant(id).GetName(cancellation);
        return grains.BillingAccount(id);
    }

    private static NoticeLanguage Language(string? language) => language switch
    {
        null or "nl" => NoticeLanguage.Nl,
        "en" => NoticeLanguage.En,
        _ => throw new ProblemException(Problem.InvalidField("language", "'language' is nl or en.")),
    };

    // Months are counted back from it, and before the first year there is none.
    private static DateOnly? Day(string? text) => text is null ? null : DateOnly.TryParseExact(text, "yyyy-MM-dd", out var day) && day.Year >= EarliestYear ? day
        : throw new ProblemException(Problem.InvalidField("asOf", $"'asOf' is a day such as 2026-03-14, from {EarliestYear} on."));
}
