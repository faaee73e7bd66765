using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Rehearsals;
using OrleansBackup.Grains.Drives;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Drives;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Rehearsals;

/// <summary>A folder at the top of a OneDrive that is there for one trial.</summary>
internal sealed class OneDriveScratch(DriveScratch drives) : IScratchPlace
{
    public ResourceKind Kind => ResourceKind.OneDrive;

    public Task<string?> WhyNotAsync(PointReader point, ItemVersion item, CancellationToken cancellation) => Task.FromResult(DriveScratch.WhyNot(item));

    public ImmutableArray<string> PermissionsFor(string itemKind) => DriveScratch.Permissions;

    public Task<ImmutableArray<ResourceId>> AlsoHoldsAsync(GraphClient client, ResourceId target, CancellationToken cancellation) => Task.FromResult<ImmutableArray<ResourceId>>([]);

    public Task<ItemPicture> InPointAsync(PointReader point, ItemVersion item, CancellationToken cancellation) => DriveScratch.InPointAsync(point, item, cancellation);

    public async Task<ItemPicture?> InPlaceAsync(Scratch scratch, PointReader point, ItemVersion item, string newId, CancellationToken cancellation) =>
        await drives.InDriveAsync(scratch.Client, (await DriveReader.FindOfUserAsync(scratch.Client, scratch.Target.ObjectId, cancellation)).Id, newId, cancellation);

    public async Task<bool> ClearAsync(Scratch scratch, string itemKind, CancellationToken cancellation) =>
        await drives.ClearAsync(scratch, (await DriveReader.FindOfUserAsync(scratch.Client, scratch.Target.ObjectId, cancellation)).Id, "root", cancellation);
}

/// <summary>What holds for the files of every drive.</summary>
internal sealed class DriveScratch(IOptions<DriveReadOptions> reading, IOptions<DriveWriteOptions> writing)
{
    public static ImmutableArray<string> Permissions { get; } = ["Files.ReadWrite.All"];

    public static string? WhyNot(ItemVersion item) => item.Kind != ItemKinds.File ? $"Nothing of kind '{item.Kind}' is put back into a drive."
        : FileJudge.WhyNever(DriveEntry.Read(item)) is { } never ? $"It is never put back: {never}" : null;

    public static async Task<ItemPicture> InPointAsync(PointReader point, ItemVersion item, CancellationToken cancellation)
    {
        var entry = DriveEntry.Read(item);
        return ItemPicture.Empty.With("name", entry.Name).With("created", entry.Created).With("modified", entry.Modified)
            .With("content", await PictureParts.HashAsync(point, item, ContentRoles.Content, cancellation));
    }

    public async Task<ItemPicture?> InDriveAsync(GraphClient client, string driveId, string itemId, CancellationToken cancellation)
    {
        var reader = new DriveReader(client, driveId, reading.Value);
        if (await reader.TryReadAsync(itemId, cancellation) is not { } file)
            return null;
        await using var content = reader.Open(file);
        return ItemPicture.Empty.With("name", file.Name).With("created", file.Created).With("modified", file.Modified).With("content", await PictureParts.HashAsync(content, cancellation));
    }

    /// <param name="folderId">What the place lies in; <c>root</c> is the top.</param>
    public async Task<bool> ClearAsync(Scratch scratch, string driveId, string folderId, CancellationToken cancellation)
    {
        var (reader, writer) = (new DriveReader(scratch.Client, driveId, reading.Value), new DriveWriter(scratch.Client, driveId, writing.Value));
        if (await FindAsync(reader, scratch, folderId, cancellation) is { } place)
            await writer.PurgeAsync(place, cancellation);
        return await FindAsync(reader, scratch, folderId, cancellation) is null;
    }

    private static async Task<string?> FindAsync(DriveReader reader, Scratch scratch, string folderId, CancellationToken cancellation)
    {
        await foreach (var child in reader.ListChildrenAsync(folderId, cancellation))
            if (child.Kind == DriveItemKind.Folder && child.Name == scratch.Name)
                return child.Id;
        return null;
    }
}
