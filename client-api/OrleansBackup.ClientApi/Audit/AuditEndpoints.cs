using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.ClientApi.Streams;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.GrainInterfaces.Audit;

namespace OrleansBackup.ClientApi.Audit;

/// <summary>The audit books: who did what to a tenant or to the installation. A tenant's book stays when the tenant has ended.</summary>
internal static class AuditEndpoints
{
    private const string JsonLines = "application/jsonl";

    public static void MapAudit(this IEndpointRouteBuilder api)
    {
        var tenant = api.MapGroup("/tenants/{tenant}/audit").WithTags("Audit");
        tenant.MapGet("", ListOfTenant).Needs(Permission.SeeAudit).WithSummary("Lists what was done to a tenant and by whom, newest first. Each entry names the hash of the one before.");
        tenant.MapGet("/export", ExportOfTenant).Needs(Permission.SeeAudit).WithSummary("Downloads the whole book as JSON lines with a signed head; anybody can verify it offline with the public key of deletion records.")
            .Produces<Stream>(StatusCodes.Status200OK, JsonLines).Audited(AuditActs.ReadAudit);
        var provider = api.MapGroup("/audit").WithTags("Audit");
        provider.MapGet("", ListOfProvider).Needs(Permission.SeeAudit).WithSummary("Lists what was done that concerns no single tenant, newest first.");
        provider.MapGet("/export", ExportOfProvider).Needs(Permission.SeeAudit).WithSummary("Downloads the provider's book as JSON lines with a signed head.")
            .Produces<Stream>(StatusCodes.Status200OK, JsonLines).Audited(AuditActs.ReadAudit);
    }

    private static Task<Ok<AuditListBody>> ListOfTenant(string tenant, IGrainFactory grains, CancellationToken cancellation, long? after = null, int? limit = null) =>
        ListAsync(grains.Audit(AddressParts.Tenant(tenant)), after, limit, cancellation);

    private static Task<Ok<AuditListBody>> ListOfProvider(IGrainFactory grains, CancellationToken cancellation, long? after = null, int? limit = null) =>
        ListAsync(grains.ProviderAudit(), after, limit, cancellation);

    private static Task<IResult> ExportOfTenant(string tenant, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = AddressParts.Tenant(tenant);
        return ExportAsync(grains.Audit(id), $"audit-{id}.jsonl", cancellation);
    }

    private static Task<IResult> ExportOfProvider(IGrainFactory grains, CancellationToken cancellation) => ExportAsync(grains.ProviderAudit(), "audit-provider.jsonl", cancellation);

    private static async Task<Ok<AuditListBody>> ListAsync(IAuditGrain book, long? after, int? limit, CancellationToken cancellation)
    {
        var page = await book.List(after, AddressParts.Limit(limit), cancellation);
        return TypedResults.Ok(new AuditListBody([.. page.Entries.Select(AuditEntryBody.Of)], page.Next));
    }

    private static async Task<IResult> ExportAsync(IAuditGrain book, string fileName, CancellationToken cancellation)
    {
        var pieces = await PieceStream.OpenAsync(book.Export(cancellation), cancellation);
        return pieces.AsDownload(JsonLines, fileName);
    }
}

/// <summary>A part of an audit book, newest first.</summary>
/// <param name="Next">What to ask for the next part with, as after; null means the end.</param>
public sealed record AuditListBody(ImmutableArray<AuditEntryBody> Entries, long? Next);

/// <summary>One act.</summary>
/// <param name="Actor">The holder of the API key, or the service.</param>
/// <param name="Previous">SHA-256 of the entry before, in hex.</param>
/// <param name="Hash">SHA-256 of this entry as it is exported, in hex.</param>
public sealed record AuditEntryBody(
    long Sequence, DateTimeOffset At, string Actor, string Act, string Subject, ImmutableSortedDictionary<string, string> Facts, string Previous, string Hash)
{
    public static AuditEntryBody Of(AuditEntry entry) => new(entry.Sequence, entry.At, entry.Actor, entry.Act, entry.Subject, entry.Facts, entry.Previous, entry.Hash());
}
