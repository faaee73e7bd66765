using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Rehearsals;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Grains.Teams;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Drives;
using OrleansBackup.Microsoft365.Sites;
using OrleansBackup.Microsoft365.Teams;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Rehearsals;

/// <summary>A folder in a channel's files that is there for one trial: a message comes back as a page of the archive, since one that is imported stays for ever.</summary>
internal sealed class TeamScratch(IOptions<DriveReadOptions> reading, DriveScratch drives) : IScratchPlace
{
    private const string Passage = "passage", Standard = "standard";

    public ResourceKind Kind => ResourceKind.Team;

    public async Task<string?> WhyNotAsync(PointReader point, ItemVersion item, CancellationToken cancellation)
    {
        if (item.Kind != ItemKinds.ChannelMessage)
            return $"What is of kind '{item.Kind}' is put back where everybody in the team sees it; there is no place for a trial.";
        var channel = item.ParentId is { } parent ? await point.FindAsync(parent, cancellation) : null;
        return channel?.Properties.GetValueOrDefault(TeamItems.MembershipProperty, Standard) is null or Standard ? null
            : "The files of a private or shared channel lie in a site of its own, which no team names, so nobody could keep its backup from taking the trial for the customer's.";
    }

    public ImmutableArray<string> PermissionsFor(string itemKind) => DriveScratch.Permissions;

    /// <remarks>A channel's files lie in the site of its group.</remarks>
    public async Task<ImmutableArray<ResourceId>> AlsoHoldsAsync(GraphClient client, ResourceId target, CancellationToken cancellation) =>
        await new SiteDirectory(client).FindOfGroupAsync(target.ObjectId, cancellation) is { } site ? [new ResourceId(target.Tenant, ResourceKind.Site, site.Id)] : [];

    public async Task<ItemPicture> InPointAsync(PointReader point, ItemVersion item, CancellationToken cancellation) => Picture(await PassageAsync(point, item, cancellation));

    public async Task<ItemPicture?> InPlaceAsync(Scratch scratch, PointReader point, ItemVersion item, string newId, CancellationToken cancellation)
    {
        var passage = await PassageAsync(point, item, cancellation);
        foreach (var driveId in (await FoldersAsync(scratch, cancellation)).Select(folder => folder.DriveId).Distinct())
        {
            var reader = new DriveReader(scratch.Client, driveId, reading.Value);
            if (await reader.TryReadAsync(newId, cancellation) is not { } file)
                continue;
            using var text = new StreamReader(reader.Open(file), Encoding.UTF8);
            return (await text.ReadToEndAsync(cancellation)).Contains(passage, StringComparison.Ordinal) ? Picture(passage) : ItemPicture.Empty;
        }
        return null;
    }

    public async Task<bool> ClearAsync(Scratch scratch, string itemKind, CancellationToken cancellation)
    {
        var isClear = true;
        foreach (var (driveId, folderId) in await FoldersAsync(scratch, cancellation))
            isClear &= await drives.ClearAsync(scratch, driveId, folderId, cancellation);
        return isClear;
    }

    private static ItemPicture Picture(string passage) => ItemPicture.Empty.With(Passage, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(passage))));

    private static async Task<string> PassageAsync(PointReader point, ItemVersion item, CancellationToken cancellation) => ChannelMessageComposer.ToHtml(
        await PictureParts.ReadAsync(point, item, ContentRoles.Json, cancellation), await StoredMessages.PicturesAsync(point, item, cancellation), TeamItems.PostOf(item) is not null);

    /// <summary>The folders at the top of the site's libraries, of which each channel has one. No channel is asked for its own: the service makes it for whoever asks first.</summary>
    private async Task<List<(string DriveId, string FolderId)>> FoldersAsync(Scratch scratch, CancellationToken cancellation)
    {
        var folders = new List<(string, string)>();
        if (await new SiteDirectory(scratch.Client).FindOfGroupAsync(scratch.Target.ObjectId, cancellation) is not { } site)
            return folders;
        foreach (var library in await DriveReader.ListOfSiteAsync(scratch.Client, site.Id, cancellation))
            await foreach (var top in new DriveReader(scratch.Client, library.Id, reading.Value).ListChildrenAsync("root", cancellation))
                if (top.Kind == DriveItemKind.Folder)
                    folders.Add((library.Id, top.Id));
        return folders;
    }
}
