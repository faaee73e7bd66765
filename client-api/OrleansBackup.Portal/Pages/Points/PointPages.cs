using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi;
using OrleansBackup.ClientApi.Points;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;
using OrleansBackup.GrainInterfaces.Points;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Portal.Hosting;
using OrleansBackup.Portal.Pages.Restores;

namespace OrleansBackup.Portal.Pages.Points;

/// <summary>A restore point as mail programs and file explorers show one, two of them side by side, and the search over a tenant.</summary>
internal static class PointPages
{
    private const string Address = "/tenants/{tenant}/resources/{resource}/points/{point}";
    private const int ChangesOnAPage = 100, MostFound = 100, LongestSearch = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static void MapPointPages(this IEndpointRouteBuilder portal)
    {
        portal.MapPage(Address, Show).Needs(Permission.SeeContent);
        portal.MapPost($"{Address}/choose", Choose).Needs(Permission.SeeContent);
        portal.MapPage($"{Address}/compare/{{other}}", Compare).Needs(Permission.SeeContent);
        portal.MapPage("/tenants/{tenant}/search", Search).Needs(Permission.SeeContent);
    }

    private static async Task<IResult> Show(
        string tenant, string resource, string point, PointReader reader, CancellationToken cancellation, string? folder = null, string? after = null, string? item = null, string? q = null) =>
        PageResults.Show<PointPage, PointModel>(await reader.ReadAsync(tenant, resource, point, new PointQuery(folder, after, item, Searched(q)), cancellation));

    /// <summary>The same place to choose from, with what was chosen elsewhere: all of it comes along in the form, so that a selection can reach over folders without anything being kept here.</summary>
    private static async Task<IResult> Choose(string tenant, string resource, string point, RestoreForm form, PointReader reader, IGrainFactory grains, CancellationToken cancellation)
    {
        var shown = await reader.ReadAsync(tenant, resource, point, new PointQuery(form.Input["go"].Length > 0 ? form.Input["go"] : form.Input["open"], form.Input["after"], null, null), cancellation);
        ImmutableArray<FolderAtPoint> folders = form.Folders.IsEmpty ? []
            : [.. (await grains.Point(new RestorePointId(shown.Resource, shown.Point.Sequence)).ListFolders(cancellation)).Where(folder => form.Folders.Contains(folder.Id))];
        return PageResults.Show<ChoosePage, ChooseModel>(new ChooseModel(shown, [.. form.Items.Take(ChooseModel.MostItems)], folders, form.Items.Length > ChooseModel.MostItems));
    }

    private static async Task<IResult> Compare(
        string tenant, string resource, string point, string other, IGrainFactory grains, CancellationToken cancellation, string? after = null, string? change = null)
    {
        var id = AddressParts.Resource(tenant, resource);
        var (name, listing, points) = (await grains.Tenant(id.Tenant).GetName(cancellation), await grains.Tenant(id.Tenant).GetResource(id, cancellation), await grains.Resource(id).ListPoints(cancellation));
        var (first, second) = (PointAddress.Parse(point, "point").FindIn(points), PointAddress.Parse(other, "other").FindIn(points));
        PointChangeKind? only = Enum.TryParse<PointChangeKind>(change, out var kind) && Enum.IsDefined(kind) ? kind : null;
        var (changes, more) = (ImmutableArray.CreateBuilder<PointChange>(), false);
        if (first.Sequence != second.Sequence)
            await foreach (var part in grains.Point(new RestorePointId(id, first.Sequence)).Compare(second.Sequence, after is { Length: > 0 } ? after : null, cancellation))
            {
                var matching = part.Where(one => only is null || one.Change == only).ToList();
                more = changes.Count + matching.Count > ChangesOnAPage;
                changes.AddRange(matching.Take(ChangesOnAPage - changes.Count));
                if (more)
                    break;
            }
        return PageResults.Show<ComparePage, CompareModel>(new CompareModel(id, name, listing.DisplayName, first, second, points, changes.ToImmutable(), after, more ? changes[^1].Id : null, only));
    }

    private static async Task<IResult> Search(string tenant, IGrainFactory grains, TimeProvider time, CancellationToken cancellation, string? q = null, string? day = null)
    {
        var (id, text) = (AddressParts.Tenant(tenant), Searched(q));
        var name = await grains.Tenant(id).GetName(cancellation);
        if (text.Length == 0)
            return PageResults.Show<SearchPage, SearchModel>(new SearchModel(id, name, "", null, [], null, false));
        var onDay = day is { Length: > 0 } ? PointAddress.Parse(day, "day").Day : null;
        var (search, found, inTime) = (new PointSearch(grains, SearchRequest.Parse(text, null, null), MostFound), ImmutableArray.CreateBuilder<FoundBody>(), true);
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            await foreach (var one in search.InTenantAsync(id, onDay, either.Token))
                found.Add(one);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            inTime = false; // what was found by then is shown, and that it is not all
        }
        return PageResults.Show<SearchPage, SearchModel>(new SearchModel(id, name, text, onDay, found.ToImmutable(), search.End, inTime));
    }

    private static string Searched(string? text) => text?.Trim() is { } trimmed ? trimmed[..Math.Min(trimmed.Length, LongestSearch)] : "";
}
