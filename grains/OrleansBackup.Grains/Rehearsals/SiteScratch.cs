using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Rehearsals;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Drives;
using OrleansBackup.Microsoft365.Sites;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Rehearsals;

/// <summary>A list, a draft of a page, or a folder of a library that is in a site for one trial.</summary>
internal sealed class SiteScratch(IOptions<SiteReadOptions> reading, DriveScratch drives) : IScratchPlace
{
    private static readonly string[] OfPage = ["title", "description", "pageLayout", "promotionKind", "canvasLayout"];

    public ResourceKind Kind => ResourceKind.Site;

    public Task<string?> WhyNotAsync(PointReader point, ItemVersion item, CancellationToken cancellation) =>
        Task.FromResult(item.Kind is ItemKinds.ListItem or ItemKinds.Page ? null : DriveScratch.WhyNot(item));

    public ImmutableArray<string> PermissionsFor(string itemKind) => itemKind == ItemKinds.File ? DriveScratch.Permissions : ["Sites.ReadWrite.All"];

    public Task<ImmutableArray<ResourceId>> AlsoHoldsAsync(GraphClient client, ResourceId target, CancellationToken cancellation) => Task.FromResult<ImmutableArray<ResourceId>>([]);

    public async Task<ItemPicture> InPointAsync(PointReader point, ItemVersion item, CancellationToken cancellation) => item.Kind switch
    {
        ItemKinds.ListItem => FieldsOf(await ComposerAsync(point, item, cancellation), await PictureParts.ReadAsync(point, item, ContentRoles.Json, cancellation)),
        ItemKinds.Page => ItemPicture.Of(await PictureParts.ReadAsync(point, item, ContentRoles.Json, cancellation), OfPage),
        _ => await DriveScratch.InPointAsync(point, item, cancellation),
    };

    public async Task<ItemPicture?> InPlaceAsync(Scratch scratch, PointReader point, ItemVersion item, string newId, CancellationToken cancellation)
    {
        var site = new SiteReader(scratch.Client, scratch.Target.ObjectId, reading.Value);
        switch (item.Kind)
        {
            case ItemKinds.Page:
                return (await site.ReadPagesAsync(cancellation)).Any(page => page.Id == newId) ? ItemPicture.Of(await site.FetchPageAsync(newId, cancellation), OfPage) : null;
            case ItemKinds.ListItem:
                var composer = await ComposerAsync(point, item, cancellation);
                foreach (var list in (await site.ReadListsAsync(cancellation)).Where(list => IsOf(list, scratch)))
                    foreach (var entry in await site.FetchItemsAsync(list.Id, [newId], cancellation))
                        if (entry.Problem is null)
                            return FieldsOf(composer, entry.Json);
                return null;
            default:
                foreach (var library in await DriveReader.ListOfSiteAsync(scratch.Client, scratch.Target.ObjectId, cancellation))
                    if (await drives.InDriveAsync(scratch.Client, library.Id, newId, cancellation) is { } found)
                        return found;
                return null;
        }
    }

    public async Task<bool> ClearAsync(Scratch scratch, string itemKind, CancellationToken cancellation)
    {
        var (site, writer) = (new SiteReader(scratch.Client, scratch.Target.ObjectId, reading.Value), new SiteWriter(scratch.Client, scratch.Target.ObjectId));
        switch (itemKind)
        {
            case ItemKinds.Page:
                foreach (var page in (await site.ReadPagesAsync(cancellation)).Where(page => IsOf(page, scratch)))
                    await writer.DeletePageAsync(page.Id, cancellation);
                return !(await site.ReadPagesAsync(cancellation)).Any(page => IsOf(page, scratch));
            case ItemKinds.ListItem:
                foreach (var list in (await site.ReadListsAsync(cancellation)).Where(list => IsOf(list, scratch)))
                    await writer.DeleteListAsync(list.Id, cancellation);
                return !(await site.ReadListsAsync(cancellation)).Any(list => IsOf(list, scratch));
            default:
                var isClear = true;
                foreach (var library in await DriveReader.ListOfSiteAsync(scratch.Client, scratch.Target.ObjectId, cancellation))
                    isClear &= await drives.ClearAsync(scratch, library.Id, "root", cancellation);
                return isClear;
        }
    }

    // The engine puts the place's name behind those of lists and pages; in a page's file name without blanks.
    private static bool IsOf(SiteList list, Scratch scratch) => list.HoldsItems && list.Name.Contains(scratch.Name, StringComparison.Ordinal);

    private static bool IsOf(SitePage page, Scratch scratch) => page.Name.Contains(scratch.Name.Replace(' ', '-'), StringComparison.OrdinalIgnoreCase);

    private static async Task<ListComposer> ComposerAsync(PointReader point, ItemVersion item, CancellationToken cancellation) =>
        new(await PictureParts.ReadAsync(point, await point.FindAsync(item.ParentId!, cancellation) ?? throw new RestorePointLacksException(item.ParentId!), ContentRoles.Json, cancellation));

    private static ItemPicture FieldsOf(ListComposer composer, ReadOnlyMemory<byte> json) =>
        ItemPicture.Of(Encoding.UTF8.GetBytes(new JsonObject { ["fields"] = composer.Item(json, sameSite: true).Fields }.ToJsonString()), ["fields"]);
}

/// <summary>A restore point holds an item and not what it lies in.</summary>
internal sealed class RestorePointLacksException(string id) : VaultException($"The restore point does not hold '{id}'.", isTransient: false);
