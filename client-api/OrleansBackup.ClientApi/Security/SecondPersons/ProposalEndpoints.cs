using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Lists;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.GrainInterfaces.Access;

namespace OrleansBackup.ClientApi.Security.SecondPersons;

/// <summary>What waits for a second person.</summary>
internal static class ProposalEndpoints
{
    private static readonly ListOrder<DestructiveProposal> Order = new(proposal => $"{proposal.Id:D}", ("-at", proposal => SortText.Of(proposal.At)), ("act", proposal => proposal.Order.Act), ("lapsesAt", proposal => SortText.Of(proposal.LapsesAt)));

    public static void MapProposals(this IEndpointRouteBuilder api)
    {
        var proposals = api.MapGroup("/tenants/{tenant}/proposals").WithTags("Access");
        proposals.MapGet("", List).Needs(Permission.ProposeDestructive).WithSummary("Lists what one person wants destroyed and a second has to confirm, newest first.");
        proposals.MapDelete("/{proposal}", Drop).Needs(Permission.ProposeDestructive).Audited(AuditActs.DropProposal).WithSummary("Drops a proposal; nothing is done. Safe to repeat.");
    }

    private static async Task<Ok<ProposalListBody>> List(string tenant, IGrainFactory grains, CancellationToken cancellation, string? sort = null, string? after = null, int? limit = null)
    {
        var (part, next) = Order.Take(await grains.Proposals(AddressParts.Tenant(tenant)).List(cancellation), sort, after, ListParts.Limit(limit));
        return TypedResults.Ok(new ProposalListBody([.. part.Select(ProposalBody.Of)]) { Next = next });
    }

    internal static async Task<NoContent> Drop(string tenant, string proposal, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = Guid.TryParseExact(proposal, "D", out var parsed) ? parsed : throw new ProblemException(Problem.InvalidField("proposal", "'proposal' must be an id as the list gives it: a GUID."));
        await grains.Proposals(AddressParts.Tenant(tenant)).Drop(id, cancellation);
        return TypedResults.NoContent();
    }
}

/// <summary>Proposals, newest first.</summary>
public sealed record ProposalListBody(ImmutableArray<ProposalBody> Proposals)
{
    /// <summary>What to give as <c>after</c> for the next part; null: this was the last.</summary>
    public string? Next { get; init; }
}

/// <summary>An act that waits for a second person.</summary>
/// <param name="Address">Where the second person sends the same request, with <c>confirm</c>.</param>
/// <param name="Asked">The body that he has to send.</param>
/// <param name="Person">Who cannot confirm it, whatever he signs in with.</param>
public sealed record ProposalBody(Guid Id, string Act, string Address, JsonElement Asked, string By, string Person, DateTimeOffset At, DateTimeOffset LapsesAt)
{
    public static ProposalBody Of(DestructiveProposal proposal) => new(
        proposal.Id, proposal.Order.Act, $"{proposal.Order.Subject}?{SecondPerson.Parameter}={proposal.Id}", JsonDocument.Parse(proposal.Order.Asked).RootElement.Clone(),
        proposal.Order.By, proposal.Order.Person, proposal.At, proposal.LapsesAt);
}
