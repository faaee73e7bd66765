using System.Collections.Immutable;
using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Lists;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Checks;
using OrleansBackup.Domain.Notices;
using OrleansBackup.GrainInterfaces.Checks;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.ClientApi.Checks;

/// <summary>The check of every working day, who looked at it, and the incidents that failures are put down to.</summary>
internal static class CheckEndpoints
{
    private static readonly ListOrder<Incident> IncidentOrder = new(incident => $"{incident.Id:D}", ("-from", incident => SortText.Of(incident.From)), ("kind", incident => $"{incident.Kind}"));

    public static void MapChecks(this IEndpointRouteBuilder api)
    {
        var checks = api.MapGroup("/checks").WithTags("Checks");
        checks.MapGet("", List).Needs(Permission.SeeEstate, Reach.CallersTenants).WithSummary("Lists the checks of working days, newest first.");
        checks.MapGet("/{date}", Get).Needs(Permission.SeeEstate, Reach.CallersTenants).WithSummary("Reads a check: everything without a good backup since the last one, by cause, with advice.");
        checks.MapPost("/{date}/acknowledgements", Acknowledge).Needs(Permission.HandleFaults).Audited(AuditActs.AcknowledgeCheck, withBody: true).WithSummary("Writes down that somebody has looked at a check, or at some groups of it.");
        checks.MapPost("/{date}/work-orders", OpenWork).Needs(Permission.ManageWork).Audited(AuditActs.ChangeWork, withBody: true).WithSummary("Opens a piece of work for a fault that lies with the customer's configuration. Safe to repeat.");
        var incidents = api.MapGroup("/incidents").WithTags("Checks");
        incidents.MapGet("", ListIncidents).Needs(Permission.SeeEstate, Reach.CallersTenants).WithSummary("Lists the incidents that failures are put down to, newest first.");
        incidents.MapPost("", Declare).Needs(Permission.HandleFaults).Audited(AuditActs.DeclareIncident, withBody: true).WithSummary("Declares an incident: force majeure, a third party, or Microsoft as a whole.");
        incidents.MapPut("/{incident}", Change).Needs(Permission.HandleFaults).Audited(AuditActs.ChangeIncident, withBody: true).WithSummary("Puts right what was declared of an incident, now that more is known; who declared it and when stays.");
        incidents.MapPost("/{incident}/end", End).Needs(Permission.HandleFaults).Audited(AuditActs.EndIncident, withBody: true).WithSummary("Says when an incident was over.");
    }

    private static async Task<Ok<CheckListBody>> List(HttpContext context, IGrainFactory grains, CancellationToken cancellation, string? after = null, int? limit = null)
    {
        var (before, most, lines) = (after is null ? (DateOnly?)null : Day(after, "after"), AddressParts.Limit(limit), ImmutableArray.CreateBuilder<CheckLineBody>());
        var days = await grains.CheckDiary().ListDays(before, most + 1, cancellation); // one more tells that there is a next part
        foreach (var day in days.Take(most))
            lines.Add(CheckLineBody.Of((await grains.DailyCheck(day).Get(cancellation)).SeenBy(context.Caller())));
        return TypedResults.Ok(new CheckListBody(lines.ToImmutable()) { Next = days.Length > most ? days[most - 1].ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null });
    }

    private static async Task<Ok<CheckBody>> Get(string date, HttpContext context, IGrainFactory grains, CancellationToken cancellation) =>
        TypedResults.Ok(CheckBody.Of((await grains.DailyCheck(Day(date, "date")).Get(cancellation)).SeenBy(context.Caller())));

    private static async Task<Ok<CheckBody>> Acknowledge(string date, AcknowledgementBody body, ClaimsPrincipal caller, IGrainFactory grains, CancellationToken cancellation)
    {
        var note = string.IsNullOrWhiteSpace(body.Note) ? throw new ProblemException(Problem.FieldMissing("note")) : body.Note.Trim();
        var groups = body.Groups is { IsDefault: false } given ? given : [];
        return TypedResults.Ok(CheckBody.Of(await grains.DailyCheck(Day(date, "date")).Acknowledge(caller.Identity?.Name ?? "", note, groups, cancellation)));
    }

    private static async Task<Ok<CheckBody>> OpenWork(string date, CheckWorkBody body, IGrainFactory grains, CancellationToken cancellation)
    {
        var group = string.IsNullOrWhiteSpace(body.Group) ? throw new ProblemException(Problem.FieldMissing("group")) : body.Group;
        return TypedResults.Ok(CheckBody.Of(await grains.DailyCheck(Day(date, "date")).OpenWork(group, cancellation)));
    }

    private static async Task<Ok<IncidentListBody>> ListIncidents(
        HttpContext context, IGrainFactory grains, CancellationToken cancellation, bool? open = null, string? sort = null, string? after = null, int? limit = null)
    {
        var seen = (await grains.CheckDiary().ListIncidents(cancellation)).SeenBy(context.Caller());
        var (part, next) = IncidentOrder.Take(seen.Where(incident => open is null || (incident.Until is null) == open), sort, after, ListParts.Limit(limit));
        return TypedResults.Ok(new IncidentListBody([.. part.Select(IncidentBody.Of)]) { Next = next });
    }

    internal static async Task<Created<IncidentBody>> Declare(IncidentRequestBody body, ClaimsPrincipal caller, IGrainFactory grains, CancellationToken cancellation)
    {
        var declared = await grains.CheckDiary().DeclareIncident(Declaration(body), caller.Identity?.Name ?? "", cancellation);
        return TypedResults.Created("/api/v1/incidents", IncidentBody.Of(declared));
    }

    internal static async Task<Ok<IncidentBody>> End(string incident, IncidentEndBody body, ClaimsPrincipal caller, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = Id(incident);
        var until = body.Until ?? throw new ProblemException(Problem.FieldMissing("until"));
        return TypedResults.Ok(IncidentBody.Of(await grains.CheckDiary().EndIncident(id, until, caller.Identity?.Name ?? "", cancellation)));
    }

    internal static async Task<Ok<IncidentBody>> Change(string incident, IncidentRequestBody body, ClaimsPrincipal caller, IGrainFactory grains, CancellationToken cancellation) =>
        TypedResults.Ok(IncidentBody.Of(await grains.CheckDiary().ChangeIncident(Id(incident), Declaration(body), caller.Identity?.Name ?? "", cancellation)));

    private static IncidentDeclaration Declaration(IncidentRequestBody body) => new(
            body.Kind ?? throw new ProblemException(Problem.FieldMissing("kind")), body.What is { } what ? new BothLanguages(what.Nl ?? "", what.En ?? "") : throw new ProblemException(Problem.FieldMissing("what")),
            body.From ?? throw new ProblemException(Problem.FieldMissing("from")), body.Until,
            body.Tenants is { IsDefault: false } tenants ? [.. tenants.Select((tenant, at) => AddressParts.Tenant(tenant, $"tenants[{at}]"))] : [], body.Reference ?? "");

    private static Guid Id(string incident) =>
        Guid.TryParseExact(incident, "D", out var parsed) ? parsed : throw new ProblemException(Problem.InvalidField("incident", "'incident' must be an id as the list gives it: a GUID."));

    private static DateOnly Day(string text, string field) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        ? day
        : throw new ProblemException(Problem.InvalidField(field, $"'{field}' must be a day such as 2026-03-16."));
}
