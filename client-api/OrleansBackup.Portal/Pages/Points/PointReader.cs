using System.Collections.Immutable;
using Orleans;
using OrleansBackup.ClientApi;
using OrleansBackup.ClientApi.Points;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Points;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.Portal.Pages.Points;

/// <summary>Opens a restore point at a folder, a search or an item.</summary>
internal sealed class PointReader(IGrainFactory grains)
{
    /// <summary>A folder that fits is shown as a whole, and can then be put in order.</summary>
    private const int ItemsOnAPage = 200, MostFound = 200;

    /// <exception cref="ProblemException">There is no such point or folder.</exception>
    public async Task<PointModel> ReadAsync(string tenant, string resource, string point, PointQuery query, CancellationToken cancellation)
    {
        var (id, address) = (AddressParts.Resource(tenant, resource), PointAddress.Parse(point, "point"));
        var (listing, name, points) = (grains.Tenant(id.Tenant).GetResource(id, cancellation), grains.Tenant(id.Tenant).GetName(cancellation), grains.Resource(id).ListPoints(cancellation));
        await Task.WhenAll(listing, name, points);
        var summary = address.FindIn(await points);
        var grain = grains.Point(new RestorePointId(id, summary.Sequence));
        var folders = await grain.ListFolders(cancellation);
        var item = query.Item is { Length: > 0 } wanted ? await grain.GetItem(wanted, cancellation) : null;
        var search = query.Search?.Trim() ?? "";
        var folder = search.Length > 0 ? null
            : query.Folder is { Length: > 0 } given ? folders.FirstOrDefault(one => one.Id == given) ?? throw new ProblemException(Problem.NoSuchFolder(given))
            : folders.FirstOrDefault(one => one.Id == item?.FolderId) ?? FolderTree.First(folders);
        var (items, next, more) = search.Length > 0 ? await FindAsync(id, summary, search, cancellation)
            : folder is not null ? await ListAsync(grain, folder, query.After, cancellation) : ([], null, false);
        return new PointModel(id, await name, (await listing).DisplayName, summary, Beside(await points, summary), FolderTree.Of(folders, folder), folder, items, query.After, next, search, more, item);
    }

    private static async Task<(ImmutableArray<ItemAtPoint> Items, string? Next, bool More)> ListAsync(IRestorePointGrain grain, FolderAtPoint folder, string? after, CancellationToken cancellation)
    {
        var page = await grain.ListItems(folder.Id, after is { Length: > 0 } ? after : null, ItemsOnAPage, cancellation);
        return (page.Next is null && after is null ? ItemWriting.InOrder(page.Items) : page.Items, page.Next, false);
    }

    private async Task<(ImmutableArray<ItemAtPoint> Items, string? Next, bool More)> FindAsync(ResourceId id, RestorePointSummary point, string text, CancellationToken cancellation)
    {
        var search = SearchRequest.Parse(text, null, null);
        var found = ImmutableArray.CreateBuilder<ItemAtPoint>();
        await foreach (var part in grains.Point(new RestorePointId(id, point.Sequence)).Search(search, cancellation))
        {
            found.AddRange(part.AsSpan()[..Math.Min(part.Length, MostFound + 1 - found.Count)]);
            if (found.Count > MostFound)
                return (ItemWriting.InOrder([.. found.Take(MostFound)]), null, true);
        }
        return (ItemWriting.InOrder(found.ToImmutable()), null, false);
    }

    private static DaysBeside Beside(ImmutableArray<RestorePointSummary> newestFirst, RestorePointSummary point)
    {
        var at = newestFirst.IndexOf(point);
        return new DaysBeside(at + 1 < newestFirst.Length ? newestFirst[at + 1] : null, at > 0 ? newestFirst[at - 1] : null);
    }
}

/// <summary>What of a point is asked for.</summary>
internal sealed record PointQuery(string? Folder, string? After, string? Item, string? Search);
