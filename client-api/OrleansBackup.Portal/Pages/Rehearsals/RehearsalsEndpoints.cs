using System.Collections.Immutable;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.ClientApi.Streams;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Rehearsals;
using OrleansBackup.GrainInterfaces.Rehearsals;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Rehearsals;

/// <summary>The rehearsals of the estate: what was brought back, whether it was as it had been, and the evidence, which anybody can verify.</summary>
internal static class RehearsalPagesEndpoints
{
    private const string JsonLines = "application/jsonl";
    private const int LongestReason = 500;

    /// <summary>A larger inventory is not drawn from again while somebody waits for a page: it is downloaded and verified there.</summary>
    private const long MostLinesDrawnAgain = 200_000;

    public static void MapRehearsalPages(this IEndpointRouteBuilder portal)
    {
        portal.MapPage("/rehearsals", List).Needs(Permission.SeeEstate);
        portal.MapPost("/rehearsals", Begin).Needs(Permission.Rehearse).Audited(AuditActs.Rehearse);
        portal.MapPage("/rehearsals/{rehearsal}", Show).Needs(Permission.SeeEstate);
        portal.MapPost("/rehearsals/{rehearsal}/verify", Verify).Needs(Permission.SeeEstate);
        portal.MapGet("/rehearsals/{rehearsal}/record", Record).Needs(Permission.SeeEstate);
        portal.MapGet("/rehearsals/{rehearsal}/inventory", Inventory).Needs(Permission.SeeAudit);
    }

    private static async Task<IResult> List(IGrainFactory grains, CancellationToken cancellation) =>
        PageResults.Show<RehearsalsPage, RehearsalsModel>(new RehearsalsModel(await grains.Rehearsals().List(cancellation), FormInput.Empty));

    private static async Task<IResult> Begin(HttpContext context, IGrainFactory grains, PortalRequest portal, CancellationToken cancellation)
    {
        var input = await FormInput.ReadAsync(context);
        if (input["why"].Length is 0 or > LongestReason)
            input = input.WithProblem("why", portal.Texts["rehearsals.why-missing"]);
        if (input.HasProblems)
            return PageResults.Show<RehearsalsPage, RehearsalsModel>(new RehearsalsModel(await grains.Rehearsals().List(cancellation), input), StatusCodes.Status422UnprocessableEntity);
        var begun = await grains.Rehearsals().Begin(portal.Caller.Name, input["why"], null, cancellation);
        return PageResults.SeeOther($"/rehearsals/{Uri.EscapeDataString(begun.Name)}");
    }

    private static async Task<IResult> Show(string rehearsal, IGrainFactory grains, CancellationToken cancellation) =>
        PageResults.Show<RehearsalPage, RehearsalModel>(await ReadAsync(rehearsal, grains, null, cancellation));

    private static async Task<IResult> Verify(string rehearsal, IGrainFactory grains, CancellationToken cancellation)
    {
        var listing = await grains.Rehearsals().Get(rehearsal, cancellation);
        var file = Lines(Encoding.UTF8.GetBytes(await grains.Rehearsals().ReadRecord(rehearsal, cancellation)));
        List<byte[]>? inventory = null;
        if (listing.InventoryLines <= MostLinesDrawnAgain)
        {
            using var whole = new MemoryStream();
            await foreach (var piece in grains.Rehearsals().ReadInventory(rehearsal, cancellation).WithCancellation(cancellation))
                whole.Write(piece.Span);
            inventory = Lines(whole.ToArray());
        }
        var verdict = RehearsalVerifier.Verify(file, await grains.Provider().GetDeletionKey(cancellation), inventory, null);
        return PageResults.Show<RehearsalPage, RehearsalModel>(await ReadAsync(rehearsal, grains, verdict, cancellation));
    }

    private static async Task<IResult> Record(string rehearsal, IGrainFactory grains, CancellationToken cancellation) =>
        Results.File(Encoding.UTF8.GetBytes(await grains.Rehearsals().ReadRecord(rehearsal, cancellation)), JsonLines, $"rehearsal-{rehearsal}.jsonl");

    private static async Task<IResult> Inventory(string rehearsal, IGrainFactory grains, CancellationToken cancellation)
    {
        var pieces = await PieceStream.OpenAsync(grains.Rehearsals().ReadInventory(rehearsal, cancellation), cancellation);
        return pieces.AsDownload(JsonLines, $"inventory-{rehearsal}.jsonl");
    }

    private static async Task<RehearsalModel> ReadAsync(string rehearsal, IGrainFactory grains, RehearsalVerdict? verdict, CancellationToken cancellation)
    {
        var listing = await grains.Rehearsals().Get(rehearsal, cancellation);
        var record = listing.RecordHash is null ? null : RehearsalRecord.Read(Lines(Encoding.UTF8.GetBytes(await grains.Rehearsals().ReadRecord(rehearsal, cancellation)))[0]);
        return new RehearsalModel(listing, record, verdict);
    }

    private static List<byte[]> Lines(byte[] text)
    {
        var lines = new List<byte[]>();
        for (int start = 0, end; start < text.Length; start = end + 1)
        {
            end = Array.IndexOf(text, (byte)'\n', start) is >= 0 and var found ? found : text.Length;
            lines.Add(text[start..end]);
        }
        return lines;
    }
}

/// <param name="Rehearsals">Newest first.</param>
public sealed record RehearsalsModel(ImmutableArray<RehearsalListing> Rehearsals, FormInput Input);

/// <param name="Record">What was signed; null: it has not ended.</param>
/// <param name="Verdict">What verifying it found; null: nobody asked.</param>
public sealed record RehearsalModel(RehearsalListing Rehearsal, RehearsalRecord? Record, RehearsalVerdict? Verdict);
