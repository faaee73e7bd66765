using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Plans;

namespace OrleansBackup.ClientApi.Contracts;

/// <summary>What the provider sells.</summary>
internal static class PlanEndpoints
{
    public static void MapPlans(this IEndpointRouteBuilder api)
    {
        var plans = api.MapGroup("/plans").WithTags("Contracts");
        plans.MapGet("", List).Needs(Permission.SeeCatalogue, Reach.Nothing).WithSummary("Lists the plans that are sold.");
        plans.MapGet("/{plan}", Get).Needs(Permission.SeeCatalogue, Reach.Nothing).WithSummary("Gives a plan with everything that it says.");
    }

    private static Ok<PlanListBody> List([FromServices] PlanCatalog plans) => TypedResults.Ok(new PlanListBody([.. plans.All.Select(PlanSummaryBody.Of)]));

    private static Ok<PlanBody> Get(string plan, [FromServices] PlanCatalog plans) => plans.Find(plan) is { } found
        ? TypedResults.Ok(new PlanBody(PlanSummaryBody.Of(found), JsonSerializer.Deserialize<JsonElement>(PlanFile.Write(found))))
        : throw new ProblemException(Problem.NoSuchPlan(plan));
}

/// <summary>Plans by their ids.</summary>
public sealed record PlanListBody(ImmutableArray<PlanSummaryBody> Plans);

/// <summary>A plan in short.</summary>
/// <param name="Retention">How long a restore point is kept, such as P90D or P1M.</param>
/// <param name="Term">The minimum term.</param>
/// <param name="Notice">The time of notice: P30D are days, P1CM whole calendar months.</param>
public sealed record PlanSummaryBody(string Id, int Version, string Nl, string En, string Retention, string Term, Renewal Renewal, string Notice, BillingCycle Billing, string TermsVersion)
{
    public static PlanSummaryBody Of(ServicePlan plan) => new(
        plan.Id, plan.Version, plan.Name.Nl, plan.Name.En, plan.Retention.Keep.ToString(), plan.Contract.Term.ToString(), plan.Contract.Renewal, plan.Contract.Notice.ToString(), plan.Billing.Cycle,
        plan.Terms.Version);
}

/// <summary>A plan with its whole document.</summary>
/// <param name="Document">As the plan's file holds it.</param>
public sealed record PlanBody(PlanSummaryBody Plan, JsonElement Document);
