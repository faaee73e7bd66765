using System.Collections.Immutable;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Billing;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.GrainInterfaces.Keeping;

namespace OrleansBackup.ClientApi.Keeping;

/// <summary>The provider's own documents: how long they are kept, what was deleted after its term, and what may not be.</summary>
internal static class KeepingEndpoints
{
    public static void MapKeeping(this IEndpointRouteBuilder api)
    {
        var documents = api.MapGroup("/documents").WithTags("Documents");
        documents.MapGet("", Get).Needs(Permission.SeeAudit).WithSummary("Says how long invoices, payments, ended contracts, deletion records and audit books are kept, what holds them, and what was deleted after its term.");
        documents.MapGet("/deletions/{date}/{deletion}", ReadDeletion).Needs(Permission.SeeAudit).Audited(AuditActs.ReadDeletion).WithSummary("The evidence of one deletion: each document with its hash. The provider's audit book names the hash of this text.")
            .Produces<string>(StatusCodes.Status200OK, "application/json");
        documents.MapPost("/holds", PlaceHold).Needs(Permission.ManageHolds).Audited(AuditActs.PlaceDocumentHold, withBody: true).WithSummary("Keeps documents beyond their term, of one customer or of all, until the hold is lifted.");
        documents.MapDelete("/holds/{hold}", LiftHold).Needs(Permission.ManageHolds).Audited(AuditActs.LiftDocumentHold).WithSummary("Lifts a hold on documents; what is over its term goes with the next day's work. Safe to repeat.");
    }

    private static async Task<Ok<KeepingBody>> Get(IGrainFactory grains, CancellationToken cancellation) => TypedResults.Ok(KeepingBody.Of(await grains.DocumentKeeping().Get(cancellation)));

    private static async Task<ContentHttpResult> ReadDeletion(string date, string deletion, IGrainFactory grains, CancellationToken cancellation) =>
        TypedResults.Text(await grains.DocumentKeeping().ReadDeletion($"{date}/{deletion}", cancellation), "application/json", Encoding.UTF8);

    private static async Task<Created<DocumentHoldBody>> PlaceHold(DocumentHoldOrderBody body, HttpContext context, IGrainFactory grains, CancellationToken cancellation)
    {
        var tenant = body.Tenant is { } given ? AddressParts.Tenant(given) : (Domain.Identity.TenantId?)null;
        var why = string.IsNullOrWhiteSpace(body.Why) ? throw new ProblemException(Problem.FieldMissing("why")) : body.Why;
        return TypedResults.Created("/api/v1/documents", DocumentHoldBody.Of(await grains.DocumentKeeping().PlaceHold(tenant, Acting.Holder(context), why, cancellation)));
    }

    private static async Task<NoContent> LiftHold(Guid hold, IGrainFactory grains, CancellationToken cancellation)
    {
        await grains.DocumentKeeping().LiftHold(hold, cancellation);
        return TypedResults.NoContent();
    }
}

/// <summary>What is to be held.</summary>
/// <param name="Tenant">Whose documents; absent: everybody's.</param>
/// <param name="Why">Who wants them kept, and where that is found.</param>
public sealed record DocumentHoldOrderBody(string? Tenant, string? Why);

/// <summary>A hold on documents.</summary>
/// <param name="Tenant">Null: on everybody's.</param>
public sealed record DocumentHoldBody(Guid Id, string? Tenant, string Who, string Why, DateTimeOffset PlacedAt)
{
    public static DocumentHoldBody Of(DocumentHold hold) => new(hold.Id, hold.Tenant?.ToString(), hold.Who, hold.Why, hold.PlacedAt);
}

/// <summary>How the provider's documents are kept.</summary>
/// <param name="Years">Whole years after the end of the book year in which the last thing happened to a document.</param>
/// <param name="YearEndsIn">The last month of the book year.</param>
/// <param name="KeptFrom">Everything to which something happened on this day or later is still there.</param>
/// <param name="DoneOn">The last day whose work is done.</param>
/// <param name="EnteredAt">When everything from before the ledgers stood in them.</param>
/// <param name="Deletions">Names of the evidence, newest first.</param>
/// <param name="Deleted">So many documents in all.</param>
/// <param name="Held">So many are over their term and held.</param>
/// <param name="Problem">Why the newest attempt did not come to its end; null: it did.</param>
public sealed record KeepingBody(
    int Years, int YearEndsIn, DateOnly KeptFrom, ImmutableArray<DocumentHoldBody> Holds, DateOnly? DoneOn, DateTimeOffset? EnteredAt, ImmutableArray<string> Deletions, long Deleted, long Held, string? Problem)
{
    public static KeepingBody Of(DocumentKeeping keeping) => new(keeping.Rule.Years, keeping.Rule.YearEndsIn, keeping.KeptFrom, [.. keeping.Holds.Select(DocumentHoldBody.Of)],
        keeping.DoneOn, keeping.CaughtUpAt, keeping.Deletions, keeping.Deleted, keeping.Held, keeping.Problem);
}
