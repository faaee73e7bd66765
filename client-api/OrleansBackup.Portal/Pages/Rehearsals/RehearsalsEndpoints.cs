using System.Collections.Immutable;
using System.Text;
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
using OrleansBackup.Domain.Rehearsals;
using OrleansBackup.GrainInterfaces.Rehearsals;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Rehearsals;

/// <summary>The rehearsals of the estate and of single tenants: what was brought back, whether it was as it had been, and the evidence, which anybody can verify.</summary>
internal static class RehearsalPagesEndpoints
{
    private const string JsonLines = "application/jsonl";
    private const int LongestReason = 500;

    /// <summary>A larger inventory is not drawn from again while somebody waits for a page: it is downloaded and verified there.</summary>
    private const long MostLinesDrawnAgain = 200_000;

    public static void MapRehearsalPages(this IEndpointRouteBuilder portal)
    {
        Map(portal, "/rehearsals", Permission.SeeEstate);
        Map(portal, "/tenants/{tenant}/rehearsals", Permission.SeeTenant);
    }

    private static void Map(IEndpointRouteBuilder portal, string address, Permission see)
    {
        portal.MapPage(address, List).Needs(see);
        portal.MapPost(address, Begin).Needs(Permission.Rehearse).Audited(AuditActs.Rehearse);
        portal.MapPage($"{address}/{{rehearsal}}", Show).Needs(see);
        portal.MapPost($"{address}/{{rehearsal}}/verify", Verify).Needs(see);
        portal.MapGet($"{address}/{{rehearsal}}/record", Record).Needs(see);
        portal.MapGet($"{address}/{{rehearsal}}/inventory", Inventory).Needs(Permission.SeeAudit);
    }

    private static async Task<IResult> List(HttpContext context, IGrainFactory grains, CancellationToken cancellation) =>
        await PageAsync(await BookAsync(context, grains, cancellation), FormInput.Empty, cancellation);

    private static async Task<IResult> Begin(HttpContext context, IGrainFactory grains, PortalRequest portal, CancellationToken cancellation)
    {
        var (book, input) = (await BookAsync(context, grains, cancellation), await FormInput.ReadAsync(context));
        if (input["why"].Length is 0 or > LongestReason)
            input = input.WithProblem("why", portal.Texts["rehearsals.why-missing"]);
        if (input.HasProblems)
            return await PageAsync(book, input, cancellation);
        var begun = await book.Grain.Begin(portal.Caller.Name, input["why"], null, cancellation);
        return PageResults.SeeOther(book.Whose.AddressOf(begun.Name));
    }

    private static async Task<IResult> Show(string rehearsal, HttpContext context, IGrainFactory grains, CancellationToken cancellation) =>
        PageResults.Show<RehearsalPage, RehearsalModel>(await ReadAsync(rehearsal, await BookAsync(context, grains, cancellation), null, cancellation));

    private static async Task<IResult> Verify(string rehearsal, HttpContext context, IGrainFactory grains, CancellationToken cancellation)
    {
        var book = await BookAsync(context, grains, cancellation);
        var listing = await book.Grain.Get(rehearsal, cancellation);
        var file = Lines(Encoding.UTF8.GetBytes(await book.Grain.ReadRecord(rehearsal, cancellation)));
        List<byte[]>? inventory = null;
        if (listing.InventoryLines <= MostLinesDrawnAgain)
        {
            using var whole = new MemoryStream();
            await foreach (var piece in book.Grain.ReadInventory(rehearsal, cancellation).WithCancellation(cancellation))
                whole.Write(piece.Span);
            inventory = Lines(whole.ToArray());
        }
        var verdict = RehearsalVerifier.Verify(file, await grains.Provider().GetDeletionKey(cancellation), inventory, null);
        return PageResults.Show<RehearsalPage, RehearsalModel>(await ReadAsync(rehearsal, book, verdict, cancellation));
    }

    private static async Task<IResult> Record(string rehearsal, HttpContext context, IGrainFactory grains, CancellationToken cancellation) =>
        Results.File(Encoding.UTF8.GetBytes(await (await BookAsync(context, grains, cancellation)).Grain.ReadRecord(rehearsal, cancellation)), JsonLines, $"rehearsal-{rehearsal}.jsonl");

    private static async Task<IResult> Inventory(string rehearsal, HttpContext context, IGrainFactory grains, CancellationToken cancellation)
    {
        var pieces = await PieceStream.OpenAsync((await BookAsync(context, grains, cancellation)).Grain.ReadInventory(rehearsal, cancellation), cancellation);
        return pieces.AsDownload(JsonLines, $"inventory-{rehearsal}.jsonl");
    }

    private static async Task<IResult> PageAsync(Book book, FormInput input, CancellationToken cancellation) => PageResults.Show<RehearsalsPage, RehearsalsModel>(
        new RehearsalsModel(book.Whose, await book.Grain.List(cancellation), input), input.HasProblems ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);

    private static async Task<RehearsalModel> ReadAsync(string rehearsal, Book book, RehearsalVerdict? verdict, CancellationToken cancellation)
    {
        var listing = await book.Grain.Get(rehearsal, cancellation);
        var record = listing.RecordHash is null ? null : RehearsalRecord.Read(Lines(Encoding.UTF8.GetBytes(await book.Grain.ReadRecord(rehearsal, cancellation)))[0]);
        return new RehearsalModel(book.Whose, listing, record, verdict);
    }

    /// <summary>Of the tenant in the address, or of the estate. A book of a tenant that is none would be kept and never looked at.</summary>
    private static async Task<Book> BookAsync(HttpContext context, IGrainFactory grains, CancellationToken cancellation)
    {
        if (context.Request.RouteValues["tenant"]?.ToString() is not { } tenant)
            return new(RehearsalOwner.Estate, grains.Rehearsals());
        var id = AddressParts.Tenant(tenant);
        return new(new RehearsalOwner(id, await grains.Tenant(id).GetName(cancellation)), grains.Rehearsals(id));
    }

    private readonly record struct Book(RehearsalOwner Whose, IRehearsalGrain Grain);

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

/// <summary>Whose rehearsals: a tenant's own, held at its request, or those of the whole estate.</summary>
/// <param name="Tenant">Null: the estate.</param>
public sealed record RehearsalOwner(TenantId? Tenant, string TenantName)
{
    public static RehearsalOwner Estate { get; } = new(null, "");

    public string Address => Tenant is { } tenant ? $"/tenants/{tenant}/rehearsals" : "/rehearsals";

    public string AddressOf(string rehearsal) => $"{Address}/{Uri.EscapeDataString(rehearsal)}";
}

/// <param name="Rehearsals">Newest first.</param>
public sealed record RehearsalsModel(RehearsalOwner Whose, ImmutableArray<RehearsalListing> Rehearsals, FormInput Input);

/// <param name="Record">What was signed; null: it has not ended.</param>
/// <param name="Verdict">What verifying it found; null: nobody asked.</param>
public sealed record RehearsalModel(RehearsalOwner Whose, RehearsalListing Rehearsal, RehearsalRecord? Record, RehearsalVerdict? Verdict);
