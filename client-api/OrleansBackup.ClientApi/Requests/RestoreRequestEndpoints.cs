using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Lists;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Resources;
using OrleansBackup.ClientApi.Restores;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Requests;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Requests;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;

namespace OrleansBackup.ClientApi.Requests;

/// <summary>Restores that a customer asked for: only contacts who are named for it may; the provider approves; the end is confirmed.</summary>
internal static class RestoreRequestEndpoints
{
    private static readonly ListOrder<RequestListing> Order = new(
        request => $"{request.Id:D}", ("-receivedAt", request => SortText.Of(request.ReceivedAt)), ("stage", request => $"{request.Stage}"), ("askedBy", request => SortText.Of(request.AskedBy)));

    public static void MapRestoreRequests(this IEndpointRouteBuilder api)
    {
        var requests = api.MapGroup("/tenants/{tenant}/restore-requests").WithTags("Restore requests");
        requests.MapPost("", Make).Needs(Permission.RequestRestore).Audited(AuditActs.RequestRestore)
            .WithSummary("Takes a request of a contact who may ask for restores, and checks what it would bring back. Anybody else is refused, and that is audited.");
        requests.MapGet("", List).Needs(Permission.SeeTenant).WithSummary("Lists restore requests, newest first, with when each was received, started and finished.");
        requests.MapGet("/{request}", Get).Needs(Permission.SeeTenant).WithSummary("Says how a restore request stands.");
        requests.MapPost("/{request}/approval", Approve).Needs(Permission.Restore).Audited(AuditActs.DecideRestore, withBody: true).WithSummary("Approves a request: its restore job starts and a work order is opened.");
        requests.MapPost("/{request}/refusal", Decline).Needs(Permission.Restore).Audited(AuditActs.DecideRestore, withBody: true).WithSummary("Declines a request; nothing is restored.");
        requests.MapPost("/{request}/confirmation", Confirm).Needs(Permission.Restore).Audited(AuditActs.EndRestore, withBody: true)
            .WithSummary("Confirms whether the customer has what he asked for, with the time spent. What did not deliver is not charged.");
    }

    private static async Task<Created<RestoreRequestStatusBody>> Make(
        string tenant, RestoreRequestMakeBody body, ClaimsPrincipal caller, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = AddressParts.Tenant(tenant);
        var made = await MakeAsync(id, body, caller, grains, cancellation);
        return TypedResults.Created($"/api/v1/tenants/{id}/restore-requests/{made.Id:D}", RestoreRequestStatusBody.Of(made));
    }

    public static async Task<RequestListing> MakeAsync(TenantId tenant, RestoreRequestMakeBody body, ClaimsPrincipal caller, IGrainFactory grains, CancellationToken cancellation)
    {
        var restore = await RestoreEndpoints.ReadAsync(tenant, body.Restore ?? throw new ProblemException(Problem.FieldMissing("restore")), caller, grains, cancellation);
        // A contact asks in his own name, a key of his in that of the person behind it; whoever may restore writes down what was asked of him by telephone.
        if (CallerClaims.Read(caller) is not { } who || (!who.May(Permission.Restore) && Person.Canonical(Given(body.AskedBy, "askedBy")) != (who.Email ?? who.Person)))
            throw new ProblemException(Problem.NotAllowed("You can ask for a restore in your own name only: 'askedBy' has to be the address that you signed in with, or of the person behind your API key."));
        return await grains.RestoreRequests(tenant).Make(Given(body.AskedBy, "askedBy"), Given(body.Text, "text"), restore, cancellation);
    }

    private static async Task<Ok<RestoreRequestListBody>> List(string tenant, IGrainFactory grains, CancellationToken cancellation, string? stage = null, string? sort = null, string? after = null, int? limit = null)
    {
        var only = ListParts.Word<RequestStage>(stage, "stage");
        var requests = await (await Book(tenant, grains, cancellation)).List(AddressParts.MaxLimit, cancellation); // as many as are kept
        var (part, next) = Order.Take(requests.Where(request => only is null || request.Stage == only), sort, after, AddressParts.Limit(limit));
        return TypedResults.Ok(new RestoreRequestListBody([.. part.Select(RestoreRequestStatusBody.Of)]) { Next = next });
    }

    private static async Task<Ok<RestoreRequestStatusBody>> Get(string tenant, string request, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = Id(request);
        return TypedResults.Ok(RestoreRequestStatusBody.Of(await (await Book(tenant, grains, cancellation)).Get(id, cancellation)));
    }

    private static async Task<Accepted<RestoreRequestStatusBody>> Approve(
        string tenant, string request, WhyBody body, ClaimsPrincipal caller, IGrainFactory grains, CancellationToken cancellation)
    {
        var (id, why) = (Id(request), Given(body.Why, "why"));
        return TypedResults.Accepted((string?)null, RestoreRequestStatusBody.Of(await (await Book(tenant, grains, cancellation)).Approve(id, caller.Identity?.Name ?? "", why, cancellation)));
    }

    private static async Task<Ok<RestoreRequestStatusBody>> Decline(
        string tenant, string request, WhyBody body, ClaimsPrincipal caller, IGrainFactory grains, CancellationToken cancellation)
    {
        var (id, why) = (Id(request), Given(body.Why, "why"));
        return TypedResults.Ok(RestoreRequestStatusBody.Of(await (await Book(tenant, grains, cancellation)).Decline(id, caller.Identity?.Name ?? "", why, cancellation)));
    }

    private static async Task<Ok<RestoreRequestStatusBody>> Confirm(
        string tenant, string request, ConfirmationBody body, ClaimsPrincipal caller, IGrainFactory grains, CancellationToken cancellation)
    {
        var (id, note) = (Id(request), Given(body.Note, "note"));
        var satisfied = body.Satisfied ?? throw new ProblemException(Problem.FieldMissing("satisfied"));
        var minutes = body.Minutes ?? throw new ProblemException(Problem.FieldMissing("minutes"));
        var book = await Book(tenant, grains, cancellation);
        return TypedResults.Ok(RestoreRequestStatusBody.Of(await book.Confirm(id, caller.Identity?.Name ?? "", satisfied, minutes, note, cancellation)));
    }

    public static async Task<IRestoreRequestBookGrain> Book(string tenant, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = AddressParts.Tenant(tenant);
        await grains.Tenant(id).GetName(cancellation); // a book of a tenant that is none would be kept and never looked at
        return grains.RestoreRequests(id);
    }

    public static Guid Id(string text) => Guid.TryParseExact(text, "D", out var id)
        ? id
        : throw new ProblemException(Problem.InvalidField("request", "'request' must be an id as the list gives it: a GUID."));

    public static string Given(string? text, string field) => string.IsNullOrWhiteSpace(text) ? throw new ProblemException(Problem.FieldMissing(field)) : text;
}

/// <summary>A customer's request.</summary>
/// <param name="AskedBy">E-mail address of the contact who asks.</param>
/// <param name="Text">What he wants, in his words.</param>
/// <param name="Restore">What to put back, as for a restore.</param>
public sealed record RestoreRequestMakeBody(string? AskedBy, string? Text, RestoreBody? Restore);

/// <summary>What came of a restore.</summary>
/// <param name="Satisfied">Whether the customer has what he asked for.</param>
/// <param name="Minutes">What a person spent on it.</param>
/// <param name="Note">Who said so and how; kept.</param>
public sealed record ConfirmationBody(bool? Satisfied, int? Minutes, string? Note);

/// <summary>Restore requests, newest first.</summary>
public sealed record RestoreRequestListBody(ImmutableArray<RestoreRequestStatusBody> Requests)
{
    /// <summary>What to give as <c>after</c> for the next part; null: this was the last.</summary>
    public string? Next { get; init; }
}

/// <summary>A restore request and how it stands.</summary>
/// <param name="Check">What it would bring back, as it was found when it was received.</param>
/// <param name="Decision">Of the provider.</param>
/// <param name="StartedAt">When its job began.</param>
/// <param name="Delivered">Whether the customer got it; null: not confirmed yet. What was not delivered is not charged.</param>
public sealed record RestoreRequestStatusBody(
    Guid Id, RequestStage Stage, string AskedBy, string Text, RestoreRequestBody Restore, RestorePreviewBody Check, DateTimeOffset ReceivedAt, DecisionBody? Decision, string? Job, Guid? WorkOrder,
    DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, RequestResultBody? Result, DecisionBody? Confirmation, bool? Delivered)
{
    public static RestoreRequestStatusBody Of(RequestListing request) => new(
        request.Id, request.Stage, request.AskedBy, request.Text, RestoreRequestBody.Of(request.Restore), RestorePreviewBody.Of(request.Check), request.ReceivedAt, DecisionBody.Of(request.Decision),
        request.Job?.ToString(), request.WorkOrder, request.StartedAt, request.FinishedAt, RequestResultBody.Of(request.Result), DecisionBody.Of(request.Confirmation), request.Delivered);
}

/// <summary>How the restore job of a request ended.</summary>
public sealed record RequestResultBody(RestoreState State, long Restored, long Skipped, long Failed, string? Problem)
{
    public static RequestResultBody? Of(RequestResult? result) => result is null ? null : new(result.State, result.Restored, result.Skipped, result.Failed, result.Problem);
}
