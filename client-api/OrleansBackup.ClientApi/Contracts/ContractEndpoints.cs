using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Changes;
using OrleansBackup.ClientApi.Lists;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Metering;
using OrleansBackup.Domain.Plans;
using OrleansBackup.GrainInterfaces.Billing;
using OrleansBackup.GrainInterfaces.Contracts;
using OrleansBackup.GrainInterfaces.Resources;
using static OrleansBackup.ClientApi.Contracts.ContractReader;

namespace OrleansBackup.ClientApi.Contracts;

/// <summary>The contract with a customer, from its making to its end.</summary>
internal static class ContractEndpoints
{
    private static readonly ListOrder<JournalEntryBody> JournalOrder = new(entry => SortText.Of(entry.Number), ("number", entry => SortText.Of(entry.Number)));

    public static void MapContracts(this IEndpointRouteBuilder api)
    {
        var contract = api.MapGroup("/tenants/{tenant}/contract").WithTags("Contracts");
        contract.MapPost("", Make).Needs(Permission.ManageContracts).Audited(AuditActs.ChangeContract, withBody: true).ChangesTagged(ReadAsync).WithSummary("Makes the contract: keeps the plan as it is sold now, and applies it to the tenant.");
        contract.MapGet("", Get).Needs(Permission.SeeTenant).Tagged().WithSummary("Says how the contract stands today and what waits for a person.");
        contract.MapGet("/journal", GetJournal).Needs(Permission.SeeTenant).WithSummary("Lists everything that happened to the contract, oldest first.");
        contract.MapGet("/preview", Preview).Needs(Permission.SeeTenant).WithSummary("Plays the next 24 months: invoices, renewals, days of notice, the end.");
        contract.MapPost("/preview", Compare).Needs(Permission.ManageContracts).WithSummary("Plays the next 24 months as they are and as they would be under another plan. Changes nothing.");
        contract.MapPut("/processing-agreement", KeepProcessingAgreement).Needs(Permission.ManageContracts).Audited(AuditActs.ChangeContract, withBody: true).ChangesTagged(ReadAsync).WithSummary("Registers the signed processing agreement, or that there is none.");
        contract.MapPost("/terms", PublishTerms).Needs(Permission.ManageContracts).Audited(AuditActs.ChangeContract, withBody: true).ChangesTagged(ReadAsync).WithSummary("Registers new conditions and the day from which they apply; the customer is told.");
        contract.MapPost("/notice", ReceiveNotice).Needs(Permission.ManageContracts).Audited(AuditActs.ChangeContract, withBody: true).ChangesTagged(ReadAsync).WithSummary("Registers the customer's notice. Nothing is deleted for it.");
        contract.MapPost("/notice/process", ProcessNotice).Needs(Permission.ManageContracts).Audited(AuditActs.ChangeContract, withBody: true).ChangesTagged(ReadAsync).WithSummary("Processes the notice: the customer is told when that was and when the contract ends.");
        contract.MapPost("/notice/withdraw", WithdrawNotice).Needs(Permission.ManageContracts).Audited(AuditActs.ChangeContract, withBody: true).ChangesTagged(ReadAsync).WithSummary("Withdraws the notice before it takes effect; renewal is as if it had never been given.");
        contract.MapPut("/deletion", AgreeDeletion).Needs(Permission.ManageContracts).Audited(AuditActs.ChangeContract, withBody: true).ChangesTagged(ReadAsync).WithSummary("Registers another day of destruction than the plan's, as agreed with the customer.");
        contract.MapPost("/export", ConfirmExport).Needs(Permission.ManageContracts).Audited(AuditActs.ChangeContract, withBody: true).ChangesTagged(ReadAsync).WithSummary("Checks off that the customer has secured his data, or does not want it.");
        contract.MapPost("/changes", RequestChange).Needs(Permission.ManageContracts).Audited(AuditActs.ChangeContract, withBody: true).ChangesTagged(ReadAsync).WithSummary("Registers a change that the customer asks for, with the last day on which it is in time.");
        contract.MapPost("/changes/{number}/close", CloseChange).Needs(Permission.ManageContracts).Audited(AuditActs.ChangeContract, withBody: true).ChangesTagged(ReadAsync).WithSummary("Says what became of a change request.");
        contract.MapPost("/suspension/warn", Warn).Needs(Permission.ManageContracts).Audited(AuditActs.ChangeContract, withBody: true).ChangesTagged(ReadAsync).WithSummary("Warns the customer that the service may be suspended. Suspending itself is proposed under consequences.");
        contract.MapPost("/suspension/call-off", CallOff).Needs(Permission.ManageContracts).Audited(AuditActs.ChangeContract, withBody: true).ChangesTagged(ReadAsync).WithSummary("Takes the warning back.");
        contract.MapPost("/suspension/freeze", DecideFreeze).Needs(Permission.ManageContracts).Audited(AuditActs.ChangeContract, withBody: true).ChangesTagged(ReadAsync).WithSummary("Decides whether old restore points expire while the service is suspended.");
        contract.MapPost("/suspension/lift", Lift).Needs(Permission.ManageContracts).Audited(AuditActs.ChangeContract, withBody: true).ChangesTagged(ReadAsync).WithSummary("Lifts the suspension; what is overdue catches up.");
    }

    internal static async Task<Created<ContractBody>> Make(
        string tenant, ContractRequestBody body, ClaimsPrincipal caller, IGrainFactory grains, [FromServices] WorkingCalendar working, CancellationToken cancellation)
    {
        var (id, order) = (AddressParts.Tenant(tenant), Order(body));
        return TypedResults.Created($"/api/v1/tenants/{id}/contract", ContractBody.Of(await grains.Contract(id).Make(order, WhoIs(caller), cancellation), working));
    }

    public static async Task<Ok<ContractBody>> Get(string tenant, IGrainFactory grains, [FromServices] WorkingCalendar working, CancellationToken cancellation) =>
        TypedResults.Ok(ContractBody.Of(await Of(tenant, grains).Get(cancellation), working));

    private static async Task<Ok<JournalBody>> GetJournal(string tenant, IGrainFactory grains, CancellationToken cancellation, string? sort = null, string? after = null, int? limit = null)
    {
        var (part, next) = JournalOrder.Take((await Of(tenant, grains).Get(cancellation)).Journal.Select(JournalEntryBody.Of), sort, after, ListParts.Limit(limit));
        return TypedResults.Ok(new JournalBody(part) { Next = next });
    }

    public static async Task<Ok<PreviewBody>> Preview(string tenant, IGrainFactory grains, [FromServices] WorkingCalendar working, CancellationToken cancellation, int? users = null)
    {
        var record = await Of(tenant, grains).Get(cancellation);
        return TypedResults.Ok(PreviewBody.Of(new ContractPreview(working, await OutlookAsync(AddressParts.Tenant(tenant), record, users, grains, working, cancellation)).Play(ContractBody.Read(record), record.Today)));
    }

    public static async Task<Ok<PlanComparisonBody>> Compare(
        string tenant, PlanMoveBody body, IGrainFactory grains, [FromServices] WorkingCalendar working, [FromServices] PlanCatalog plans, CancellationToken cancellation, int? users = null)
    {
        var (book, order) = (Of(tenant, grains), Plan(body, "", toTry: true));
        var plan = plans.Find(order.Plan) ?? throw new ProblemException(Problem.InvalidField("plan", $"No plan '{order.Plan}' is sold. List the plans to see those that are."));
        var record = await book.Get(cancellation);
        var contract = ContractBody.Read(record);
        try
        {
            var change = new ContractDecisions(contract, working, record.Today).ChangePlan(order.From, PlanFile.Write(plan), order.Overrides, order.NewTerm, order.Reference);
            var compared = new ContractPreview(working, await OutlookAsync(AddressParts.Tenant(tenant), record, users, grains, working, cancellation)).Compare(contract, change, record.Today);
            return TypedResults.Ok(new PlanComparisonBody(compared.PlanNow, compared.PlanThen, compared.RetentionShortened, compared.EarliestEndNow, compared.EarliestEndThen, PreviewBody.Of(compared.Now), PreviewBody.Of(compared.Then)));
        }
        catch (ContractRefusedException refused)
        {
            throw new ProblemException(refused.Field is { } field ? Problem.InvalidField(field, refused.Message) : Problem.NotPossibleNow(refused.Message));
        }
        catch (PlanProblemException wrong)
        {
            throw new ProblemException(Problem.InvalidField("overrides", wrong.Message));
        }
    }

    internal static Task<Ok<ContractBody>> KeepProcessingAgreement(string tenant, ProcessingAgreementBody body, ClaimsPrincipal caller, IGrainFactory grains, [FromServices] WorkingCalendar working, CancellationToken cancellation) =>
        Answer(Of(tenant, grains).KeepProcessingAgreement(body.SignedOn, body.Reference, WhoIs(caller), cancellation), working);

    internal static Task<Ok<ContractBody>> PublishTerms(string tenant, TermsBody body, ClaimsPrincipal caller, IGrainFactory grains, [FromServices] WorkingCalendar working, CancellationToken cancellation) =>
        Answer(Of(tenant, grains).PublishTerms(Given(body.Version, "version"), Given(body.From, "from"), Given(body.Document, "document"), WhoIs(caller), cancellation), working);

    internal static Task<Ok<ContractBody>> ReceiveNotice(string tenant, CustomerWordBody body, ClaimsPrincipal caller, IGrainFactory grains, [FromServices] WorkingCalendar working, CancellationToken cancellation) =>
        Answer(Of(tenant, grains).ReceiveNotice(body.On, Given(body.By, "by"), Given(body.Reference, "reference"), WhoIs(caller), cancellation), working);

    internal static Task<Ok<ContractBody>> ProcessNotice(string tenant, ClaimsPrincipal caller, IGrainFactory grains, [FromServices] WorkingCalendar working, CancellationToken cancellation) =>
        Answer(Of(tenant, grains).ProcessNotice(WhoIs(caller), cancellation), working);

    internal static Task<Ok<ContractBody>> WithdrawNotice(string tenant, CustomerWordBody body, ClaimsPrincipal caller, IGrainFactory grains, [FromServices] WorkingCalendar working, CancellationToken cancellation) =>
        Answer(Of(tenant, grains).WithdrawNotice(Given(body.By, "by"), Given(body.Reference, "reference"), WhoIs(caller), cancellation), working);

    internal static Task<Ok<ContractBody>> AgreeDeletion(string tenant, DeletionDateBody body, ClaimsPrincipal caller, IGrainFactory grains, [FromServices] WorkingCalendar working, CancellationToken cancellation) =>
        Answer(Of(tenant, grains).AgreeDeletion(Given(body.On, "on"), Given(body.Reference, "reference"), WhoIs(caller), cancellation), working);

    internal static Task<Ok<ContractBody>> ConfirmExport(string tenant, CustomerWordBody body, ClaimsPrincipal caller, IGrainFactory grains, [FromServices] WorkingCalendar working, CancellationToken cancellation) =>
        Answer(Of(tenant, grains).ConfirmExport(Given(body.By, "by"), Given(body.Reference, "reference"), WhoIs(caller), cancellation), working);

    internal static Task<Ok<ContractBody>> RequestChange(string tenant, ChangeRequestBody body, ClaimsPrincipal caller, IGrainFactory grains, [FromServices] WorkingCalendar working, CancellationToken cancellation) =>
        Answer(Of(tenant, grains).RequestChange(Given(body.Change, "change"), Given(body.What, "what"), body.On, Given(body.By, "by"), WhoIs(caller), cancellation), working);

    internal static Task<Ok<ContractBody>> CloseChange(string tenant, int number, ChangeClosingBody body, ClaimsPrincipal caller, IGrainFactory grains, [FromServices] WorkingCalendar working, CancellationToken cancellation) =>
        Answer(Of(tenant, grains).CloseChange(number, body.Effective, Given(body.Outcome, "outcome"), body.Minutes, WhoIs(caller), cancellation), working);

    internal static Task<Ok<ContractBody>> Warn(string tenant, ReasonBody body, ClaimsPrincipal caller, IGrainFactory grains, [FromServices] WorkingCalendar working, CancellationToken cancellation) =>
        Answer(Of(tenant, grains).WarnOfSuspension(Given(body.Why, "why"), WhoIs(caller), cancellation), working);

    internal static Task<Ok<ContractBody>> CallOff(string tenant, ReasonBody body, ClaimsPrincipal caller, IGrainFactory grains, [FromServices] WorkingCalendar working, CancellationToken cancellation) =>
        Answer(Of(tenant, grains).CallOffSuspension(Given(body.Why, "why"), WhoIs(caller), cancellation), working);

    internal static Task<Ok<ContractBody>> DecideFreeze(string tenant, FreezeBody body, ClaimsPrincipal caller, IGrainFactory grains, [FromServices] WorkingCalendar working, CancellationToken cancellation) =>
        Answer(Of(tenant, grains).DecideFreeze(body.Until, Given(body.Why, "why"), WhoIs(caller), cancellation), working);

    internal static Task<Ok<ContractBody>> Lift(string tenant, ReasonBody body, ClaimsPrincipal caller, IGrainFactory grains, [FromServices] WorkingCalendar working, CancellationToken cancellation) =>
        Answer(Of(tenant, grains).LiftSuspension(Given(body.Why, "why"), WhoIs(caller), cancellation), working);

    internal static IContractGrain Of(string tenant, IGrainFactory grains) => grains.Contract(AddressParts.Tenant(tenant));

    /// <summary>The contract as GET gives it.</summary>
    internal static async Task<object> ReadAsync(HttpContext context, IGrainFactory grains) =>
        ContractBody.Of(await Of(context.RouteText("tenant"), grains).Get(context.RequestAborted), context.RequestServices.GetRequiredService<WorkingCalendar>());

    internal static string WhoIs(ClaimsPrincipal caller) => caller.Identity?.Name ?? "";

    internal static async Task<Ok<ContractBody>> Answer(Task<ContractRecord> record, WorkingCalendar working) => TypedResults.Ok(ContractBody.Of(await record, working));

    /// <summary>As billing stands now; without a number of users, with as many as there were at the last look.</summary>
    internal static async Task<BillingOutlook> OutlookAsync(TenantId tenant, ContractRecord record, int? users, IGrainFactory grains, WorkingCalendar working, CancellationToken cancellation)
    {
        if (users is < 0)
            throw new ProblemException(Problem.InvalidField("users", "'users' is a number from 0 on."));
        var (account, month) = (grains.BillingAccount(tenant), CalendarMonth.Of(record.Today));
        var (standing, profile, prices) = (await account.GetStanding(cancellation), await account.GetProfile(cancellation), await grains.PriceBook().List(cancellation));
        if (users is null && ContractBody.Read(record).Timeline(working).PlanOn(record.Today) is { } plan)
            users = new UsageHistory([await grains.Billing(tenant, month).GetUsage(cancellation), await grains.Billing(tenant, month.Previous).GetUsage(cancellation)]).Last(record.Today, plan.Billing.Users)?.Count;
        return new BillingOutlook { Prices = prices.ToDictionary(list => list.Id, StringComparer.Ordinal), Users = users, Profile = profile, Charged = standing.Charged, ClosedUntil = standing.ClosedUntil };
    }
}
