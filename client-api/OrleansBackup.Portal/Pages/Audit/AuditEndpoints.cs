using System.Buffers;
using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.ClientApi.Streams;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Audit;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Audit;

/// <summary>The audit books as pages: reading them, verifying that nothing in them was changed, taking them along.</summary>
internal static class AuditPagesEndpoints
{
    private const int OnAPage = 50, ReadAtOnce = 1_000, MostLooked = 10_000, LongestText = 100;

    public static void MapAuditPages(this IEndpointRouteBuilder portal)
    {
        foreach (var address in (string[])["/audit", "/tenants/{tenant}/audit"])
        {
            portal.MapPage(address, Show).Needs(Permission.SeeAudit);
            portal.MapPost($"{address}/verify", Verify).Needs(Permission.SeeAudit);
            portal.MapGet($"{address}/export", Export).Needs(Permission.SeeAudit).Audited(AuditActs.ReadAudit);
        }
    }

    private static async Task<IResult> Show(HttpContext context, IGrainFactory grains, CancellationToken cancellation, string? actor = null, string? act = null, string? q = null, long? before = null) =>
        PageResults.Show<AuditPage, AuditModel>(await ReadAsync(context, grains, new AuditQuery(Text(actor), Text(act), Text(q), before), null, cancellation));

    private static async Task<IResult> Verify(HttpContext context, IGrainFactory grains, CancellationToken cancellation)
    {
        var verifier = new AuditVerifier(await grains.Provider().GetDeletionKey(cancellation), null);
        var line = new ArrayBufferWriter<byte>();
        await foreach (var piece in BookOf(context, grains).Export(cancellation).WithCancellation(cancellation))
            ReadLines(piece.Span, line, verifier);
        if (line.WrittenCount > 0)
            verifier.Read(line.WrittenSpan);
        return PageResults.Show<AuditPage, AuditModel>(await ReadAsync(context, grains, new AuditQuery("", "", "", null), verifier.Finish(), cancellation));
    }

    private static async Task<IResult> Export(HttpContext context, IGrainFactory grains, CancellationToken cancellation)
    {
        var pieces = await PieceStream.OpenAsync(BookOf(context, grains).Export(cancellation), cancellation);
        return pieces.AsDownload("application/jsonl", $"audit-{TenantOf(context)?.ToString() ?? "provider"}.jsonl");
    }

    private static async Task<AuditModel> ReadAsync(HttpContext context, IGrainFactory grains, AuditQuery query, AuditVerdict? verdict, CancellationToken cancellation)
    {
        var (tenant, book) = (TenantOf(context), BookOf(context, grains));
        var name = tenant is { } id ? await grains.Tenant(id).GetName(cancellation) : "";
        var found = ImmutableArray.CreateBuilder<AuditEntry>();
        var (looked, before) = (0, query.Before);
        do
        {
            var page = await book.List(before, query.IsAll ? OnAPage : ReadAtOnce, cancellation);
            foreach (var entry in page.Entries)
            {
                looked++;
                before = entry.Sequence;
                if (query.Matches(entry))
                    found.Add(entry);
                if (found.Count == OnAPage)
                    break;
            }
            if (found.Count < OnAPage && page.Next is null || page.Entries.IsEmpty)
                before = null;
        }
        while (before is > 1 && found.Count < OnAPage && looked < MostLooked);
        return new AuditModel(tenant, name, query, found.ToImmutable(), looked, before is > 1 ? before : null, verdict);
    }

    private static void ReadLines(ReadOnlySpan<byte> piece, ArrayBufferWriter<byte> line, AuditVerifier verifier)
    {
        for (var end = piece.IndexOf((byte)'\n'); end >= 0; end = piece.IndexOf((byte)'\n'))
        {
            line.Write(piece[..end]);
            verifier.Read(line.WrittenSpan);
            line.ResetWrittenCount();
            piece = piece[(end + 1)..];
        }
        line.Write(piece);
    }

    private static TenantId? TenantOf(HttpContext context) => context.Request.RouteValues["tenant"] is string text ? AddressParts.Tenant(text) : null;

    private static IAuditGrain BookOf(HttpContext context, IGrainFactory grains) => TenantOf(context) is { } tenant ? grains.Audit(tenant) : grains.ProviderAudit();

    private static string Text(string? text) => text?.Trim() is { } trimmed ? trimmed[..Math.Min(trimmed.Length, LongestText)] : "";
}
