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
using OrleansBackup.ClientApi.Security;
using OrleansBackup.ClientApi.Streams;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.GrainInterfaces.Exports;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.ClientApi.Tenants;

/// <summary>Exports of everything of a customer: at the end of a contract, or when he asks.</summary>
internal static class ExportEndpoints
{
    private static readonly ListOrder<TenantExportStatus> Order = new(
        one => $"{one.Order.Id:D}", ("-askedAt", one => SortText.Of(one.Order.Asked.At)), ("endedAt", one => SortText.Of(one.EndedAt)), ("day", one => SortText.Of(one.Order.Day ?? DateOnly.MaxValue)));

    public static void MapExports(this IEndpointRouteBuilder api)
    {
        var exports = api.MapGroup("/tenants/{tenant}/exports").WithTags("Exports");
        exports.MapPost("", Start).Needs(Permission.ManageContracts).Audited(AuditActs.Export, withBody: true).WithSummary("Begins an export of all resources, as they were on a day: an archive of open files for each, and a signed list of hashes. Says how the one that is going stands, if one is.");
        exports.MapGet("", List).Needs(Permission.SeeTenant).WithSummary("Lists the exports and how far they are, newest first.");
        exports.MapGet("/{export}", Get).Needs(Permission.SeeTenant).WithSummary("Says how an export stands.");
        exports.MapGet("/{export}/events", Watch).Needs(Permission.SeeTenant).WithSummary("Watches an export until it ends, as server-sent events.").Produces<ExportBody>(contentType: "text/event-stream");
        exports.MapGet("/{export}/files/{file}", Read).Needs(Permission.SeeContent).Audited(AuditActs.ReadExport).WithSummary("Gives one file of an export that has ended: an archive, manifest.txt, manifest.sig or provider.pem.").Produces<byte[]>(StatusCodes.Status200OK, "application/octet-stream");
        exports.MapDelete("/{export}", Delete).Needs(Permission.ManageContracts).Audited(AuditActs.DeleteExport).WithSummary("Deletes the files of an export once the customer has them: they are not encrypted.");
    }

    internal static async Task<Accepted<ExportBody>> Start(string tenant, ExportOrderBody body, ClaimsPrincipal caller, IGrainFactory grains, TimeProvider time, CancellationToken cancellation)
    {
        var (id, now) = (AddressParts.Tenant(tenant), time.GetUtcNow());
        var why = string.IsNullOrWhiteSpace(body.Why) ? throw new ProblemException(Problem.FieldMissing("why")) : body.Why;
        var status = await grains.Exports(id).Start(new(Guid.CreateVersion7(now), body.Day, body.By, new PersonsDecision(caller.Identity?.Name ?? "", why, now)), cancellation);
        return TypedResults.Accepted($"/api/v1/tenants/{id}/exports/{status.Order.Id:D}", ExportBody.Of(status));
    }

    internal static async Task<Ok<ExportsBody>> List(string tenant, IGrainFactory grains, CancellationToken cancellation, bool? open = null, string? sort = null, string? after = null, int? limit = null)
    {
        var exports = await grains.Exports(AddressParts.Tenant(tenant)).List(cancellation);
        var (part, next) = Order.Take(exports.Where(one => open is null || one.IsOpen == open), sort, after, ListParts.Limit(limit));
        return TypedResults.Ok(new ExportsBody([.. part.Select(ExportBody.Of)]) { Next = next });
    }

    private static async Task<Ok<ExportBody>> Get(string tenant, string export, IGrainFactory grains, CancellationToken cancellation) =>
        TypedResults.Ok(await FindAsync(tenant, Id(export), grains, cancellation));

    private static Task<IResult> Watch(string tenant, string export, IGrainFactory grains, HttpContext context)
    {
        var id = Id(export);
        return JobEvents.StartAsync(context, cancellation => FindAsync(tenant, id, grains, cancellation), one => one.EndedAt is not null);
    }

    private static async Task<ExportBody> FindAsync(string tenant, Guid export, IGrainFactory grains, CancellationToken cancellation) =>
        (await grains.Exports(AddressParts.Tenant(tenant)).List(cancellation)).FirstOrDefault(one => one.Order.Id == export) is { } found
            ? ExportBody.Of(found)
            : throw new ProblemException(Problem.NotFound("There is no such export; list them to see those there are."));

    private static Guid Id(string text) => Guid.TryParseExact(text, "D", out var id) ? id
        : throw new ProblemException(Problem.InvalidField("export", "'export' must be an id as the list gives it: a GUID."));

    internal static async Task<IResult> Read(string tenant, string export, string file, IGrainFactory grains, CancellationToken cancellation)
    {
        var pieces = await PieceStream.OpenAsync(grains.Exports(AddressParts.Tenant(tenant)).Read(Id(export), file, cancellation), cancellation);
        return pieces.AsDownload("application/octet-stream", file);
    }

    internal static async Task<NoContent> Delete(string tenant, string export, IGrainFactory grains, CancellationToken cancellation)
    {
        await grains.Exports(AddressParts.Tenant(tenant)).Delete(Id(export), cancellation);
        return TypedResults.NoContent();
    }
}

/// <summary>What to export.</summary>
/// <param name="Day">Of each resource the newest restore point of this day or before; absent: the newest there is.</param>
/// <param name="By">The e-mail address of the contact who asked; may be absent once the customer's notice is processed.</param>
/// <param name="Why">Where the customer's word is found.</param>
public sealed record ExportOrderBody(DateOnly? Day, string? By, string? Why);

/// <summary>The exports of a tenant.</summary>
public sealed record ExportsBody(ImmutableArray<ExportBody> Exports)
{
    /// <summary>What to give as <c>after</c> for the next part; null: this was the last.</summary>
    public string? Next { get; init; }
}

/// <summary>How an export stands.</summary>
/// <param name="State">going, ended or deleted.</param>
/// <param name="Resources">So many resources have a restore point of that day.</param>
/// <param name="Manifest">SHA-256 of the signed list of files.</param>
public sealed record ExportBody(
    Guid Id, string State, DateOnly? Day, string? By, string Who, string Why, DateTimeOffset AskedAt, DateTimeOffset? EndedAt, int Resources, ImmutableArray<ExportedResourceBody> Done, string? Problem, string? Manifest)
{
    public static ExportBody Of(TenantExportStatus status) => new(
        status.Order.Id, status.IsDeleted ? "deleted" : status.IsOpen ? "going" : "ended", status.Order.Day, status.Order.By, status.Order.Asked.Who, status.Order.Asked.Why, status.Order.Asked.At,
        status.EndedAt, status.Total, [.. status.Done.Select(one => new ExportedResourceBody(one.Name, one.FileName, one.Point, one.Items, one.Bytes, one.Sha256, one.NotIncluded))], status.Problem, status.Manifest);
}

/// <summary>The archive of one resource.</summary>
public sealed record ExportedResourceBody(string Resource, string File, long Point, long Items, long Bytes, string Sha256, int NotIncluded);
