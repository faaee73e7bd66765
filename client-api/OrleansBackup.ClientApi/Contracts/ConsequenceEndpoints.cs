using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Changes;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.ClientApi.Security.SecondPersons;
using OrleansBackup.ClientApi.Tenants;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.GrainInterfaces.Contracts;
using OrleansBackup.GrainInterfaces.Resources;
using static OrleansBackup.ClientApi.Contracts.ContractEndpoints;
using static OrleansBackup.ClientApi.Contracts.ContractReader;

namespace OrleansBackup.ClientApi.Contracts;

/// <summary>What makes restore points unrecoverable: foreseen, proposed with its list, confirmed by a second person.</summary>
internal static class ConsequenceEndpoints
{
    public static void MapConsequences(this IEndpointRouteBuilder api)
    {
        var acts = api.MapGroup("/tenants/{tenant}/contract/consequences").WithTags("Contracts");
        acts.MapPost("/foresee", Foresee).Needs(Permission.ManageContracts).WithSummary("Computes which restore points would become unrecoverable on which day. Does nothing and tells nobody.");
        acts.MapPost("", Propose).Needs(Permission.ManageContracts).Audited(AuditActs.DecideConsequence, withBody: true).ChangesTagged(ContractEndpoints.ReadAsync).WithSummary("Proposes it: the list is kept and the customer's contacts are told. What makes nothing unrecoverable is done at once.");
        acts.MapGet("/{act}", Read).Needs(Permission.SeeTenant).WithSummary("Gives the list that was shown with a proposal, as CSV.").Produces<string>(StatusCodes.Status200OK, "text/csv");
        acts.MapPost("/{act}/confirm", Confirm).Needs(Permission.ConfirmDestructive).Audited(AuditActs.DecideConsequence, withBody: true).ChangesTagged(ContractEndpoints.ReadAsync).WithSummary("Confirms a proposal as a second person; then it is done.");
        acts.MapPost("/{act}/drop", Drop).Needs(Permission.ManageContracts).Audited(AuditActs.DecideConsequence, withBody: true).ChangesTagged(ContractEndpoints.ReadAsync).WithSummary("Drops a proposal; nothing is done.");
    }

    public static async Task<Ok<ConsequenceBody>> Foresee(string tenant, ActRequestBody body, IGrainFactory grains, CancellationToken cancellation)
    {
        var (contract, order) = (Of(tenant, grains), await OrderAsync(tenant, body, grains, cancellation));
        return TypedResults.Ok(ConsequenceBody.Of(await contract.Foresee(order, cancellation)));
    }

    public static async Task<Ok<ContractBody>> Propose(
        string tenant, ActRequestBody body, ClaimsPrincipal caller, IGrainFactory grains, [FromServices] WorkingCalendar working, CancellationToken cancellation)
    {
        var (contract, order) = (Of(tenant, grains), await OrderAsync(tenant, body, grains, cancellation));
        var person = CallerClaims.PersonOf(caller);
        // What nobody has to confirm, anybody may ask for.
        if (!Person.IsNamed(person) && !(order.Kind is ActKind.Settings or ActKind.Plan && await contract.Foresee(order, cancellation) is { Points: 0, Stopped: 0 }))
            throw SecondPerson.IsNotKnown();
        return await Answer(contract.Propose(order, person, cancellation), working);
    }

    private static async Task<IResult> Read(string tenant, int act, IGrainFactory grains, CancellationToken cancellation) =>
        TypedResults.Text(await Of(tenant, grains).ReadConsequences(act, cancellation), "text/csv");

    public static Task<Ok<ContractBody>> Confirm(string tenant, int act, ClaimsPrincipal caller, IGrainFactory grains, [FromServices] WorkingCalendar working, CancellationToken cancellation) =>
        Answer(Of(tenant, grains).Confirm(act, CallerClaims.PersonOf(caller) is var person && Person.IsNamed(person) ? person : throw SecondPerson.IsNotKnown(), cancellation), working);

    public static Task<Ok<ContractBody>> Drop(string tenant, int act, ReasonBody body, ClaimsPrincipal caller, IGrainFactory grains, [FromServices] WorkingCalendar working, CancellationToken cancellation) =>
        Answer(Of(tenant, grains).Drop(act, Given(body.Why, "why"), CallerClaims.PersonOf(caller), cancellation), working);

    private static async Task<ActOrder> OrderAsync(string tenant, ActRequestBody body, IGrainFactory grains, CancellationToken cancellation)
    {
        var kind = Given(body.Kind, "kind");
        var order = new ActOrder(kind, Given(body.Why, "why"));
        return kind switch
        {
            ActKind.Settings => order with
            {
                Settings = SettingsReader.Partial(body.Settings ?? throw new ProblemException(Problem.FieldMissing("settings")), AddressParts.Tenant(tenant), (await grains.Tenant(AddressParts.Tenant(tenant)).GetOverview(cancellation)).Settings),
            },
            ActKind.Plan => order with { Plan = Plan(body.Plan ?? throw new ProblemException(Problem.FieldMissing("plan")), "plan.", toTry: false) },
            _ => order,
        };
    }
}

/// <summary>Something that may make restore points unrecoverable.</summary>
/// <param name="Kind">settings, suspend, plan or end.</param>
/// <param name="Settings">With settings: what is to change; absent parts stay.</param>
/// <param name="Plan">With plan: the plan to move to.</param>
public sealed record ActRequestBody(ActKind? Kind, string? Why, SettingsBody? Settings, PlanMoveBody? Plan);

/// <summary>What would become unrecoverable.</summary>
/// <param name="Stopped">Of so many resources no new restore points would be made.</param>
/// <param name="Csv">One line for each restore point, and for each of those resources.</param>
public sealed record ConsequenceBody(int Resources, long Points, DateOnly? FirstLoss, DateOnly? LastLoss, int Stopped, string Hash, string Csv)
{
    public static ConsequenceBody Of(ConsequenceReport report) => new(report.Resources, report.Points, report.FirstLoss, report.LastLoss, report.Stopped, report.Hash, report.Csv);
}
