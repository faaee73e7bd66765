using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.ClientApi.Security.SecondPersons;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.ClientApi.Resources;

/// <summary>Erasing a person's items from restore points, where the law demands it.</summary>
internal static class ErasureEndpoints
{
    public static void MapErasures(this IEndpointRouteBuilder api) => api.MapGroup("/tenants/{tenant}/resources").WithTags("Resources")
        .MapPost("/{resource}/erasures", Erase).Needs(Permission.ProposeDestructive).BySecondPerson(AuditActs.Erase).Audited(AuditActs.Erase, withBody: true)
        .WithSummary("Proposes to erase items, or everything, from every restore point of a resource, for ever; every other item stays. A second person sends the same with confirm, and then it is done. Answers when the points are without them. A legal hold refuses it.");

    internal static async Task<Ok<ErasureBody>> Erase(string tenant, string resource, ErasureOrderBody body, ClaimsPrincipal caller, IGrainFactory grains, TimeProvider time, CancellationToken cancellation)
    {
        var id = AddressParts.Resource(tenant, resource);
        var (everything, items) = (body.Everything ?? false, body.Items);
        var order = new ErasureOrder(Guid.CreateVersion7(time.GetUtcNow()), everything, items, new PersonsDecision(caller.Identity?.Name ?? "", body.Why!, time.GetUtcNow()));
        return TypedResults.Ok(ErasureBody.Of(await grains.Resource(id).Erase(order, cancellation)));
    }
}

/// <summary>What to erase.</summary>
/// <param name="Everything">True: all restore points of the resource.</param>
/// <param name="Why">Where the demand is recorded; kept in the audit book.</param>
/// <param name="Confirmation">"erase for ever".</param>
public sealed record ErasureOrderBody(ImmutableArray<string>? ItemIds, bool? Everything, string? Why, string? Confirmation) : IDestructiveOrder
{
    private const string Words = "erase for ever";

    internal ImmutableArray<string> Items => ItemIds is { IsDefault: false } given ? given : [];

    void IDestructiveOrder.Require(TenantId tenant)
    {
        if (string.IsNullOrWhiteSpace(Why))
            throw new ProblemException(Problem.FieldMissing("why"));
        if (Confirmation != Words)
            throw new ProblemException(Problem.InvalidField("confirmation", $"What is erased cannot be brought back. To go on, write exactly: {Words}"));
        if ((Everything ?? false) == Items.Length > 0 || Items.Any(string.IsNullOrWhiteSpace))
            throw new ProblemException(Problem.InvalidField("itemIds", "Name the items to erase, or say everything; not both."));
    }
}

/// <summary>What was erased.</summary>
/// <param name="Id">Names the erasure in the points that stand in the place of others, and in the audit book.</param>
/// <param name="Items">How many of the items any point held.</param>
/// <param name="Points">How many points were made again without them, under new numbers and with their times.</param>
/// <param name="GoneAfter">From when on expiry and the weekly sweeps delete the last bytes.</param>
public sealed record ErasureBody(Guid Id, int Items, int Points, DateTimeOffset GoneAfter)
{
    public static ErasureBody Of(ErasureOutcome outcome) => new(outcome.Id, outcome.Items, outcome.Points, outcome.GoneAfter);
}
