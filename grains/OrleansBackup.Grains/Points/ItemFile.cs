using System.Runtime.CompilerServices;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.Grains.Mailboxes.Items;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365.Calendar;
using OrleansBackup.Microsoft365.Contacts;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Points;

/// <summary>Calendar and card files out of a restore point: of one item, of one calendar, folder or list with all below it, or of a whole part.</summary>
internal static class ItemFile
{
    public const string Calendar = "ics";
    public const string Card = "vcf";

    /// <summary>True for the contents that no item has and that are made when they are asked for.</summary>
    public static bool IsMade(string role) => role is Calendar or Card;

    /// <param name="id">An item, a container, or the name of a part: <c>calendar</c>, <c>contacts</c>, <c>tasks</c>.</param>
    /// <exception cref="NotFoundException">There is nothing of that id that has such a file.</exception>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> MakeAsync(PointReader point, FolderTree folders, string id, string role, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var kind = ItemPartKind.All.FirstOrDefault(kind => kind.Part == (id.Contains('~', StringComparison.Ordinal) ? ItemIds.PartOf(id) : id));
        if (kind is null || (kind == ItemPartKind.Contacts) != (role == Card))
            throw new NotFoundException($"There is no '{role}' file of this.");
        var items = ItemsAsync(point, folders, kind, id, cancellation);
        if (role == Card)
        {
            await foreach (var item in items)
                yield return ContactCard.Of(await ReadAsync(point, item.Contents[ContentRoles.Json], cancellation),
                    item.Contents.TryGetValue(ContentRoles.Photo, out var photo) ? await ReadAsync(point, photo, cancellation) : null);
            yield break;
        }
        // In one piece: which time zones it needs is known at its end, and they stand at its beginning.
        var file = new CalendarFile(folders.Find(id)?.Name ?? (id == kind.Part ? "" : (await point.FindAsync(id, cancellation))?.Name) ?? "", point.Point.SealedAt);
        await foreach (var item in items)
        {
            var json = await ReadAsync(point, item.Contents[ContentRoles.Json], cancellation);
            if (kind == ItemPartKind.Tasks)
                file.AddTask(json);
            else
                file.AddEvent(json);
        }
        yield return file.ToBytes();
    }

    private static async IAsyncEnumerable<ItemVersion> ItemsAsync(PointReader point, FolderTree folders, ItemPartKind kind, string id, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (id != kind.Part && folders.Find(id) is null)
        {
            yield return await point.FindAsync(id, cancellation) is { } item && item.Kind == kind.Item ? item : throw new NotFoundException("There is no such item in this restore point.");
            yield break;
        }
        var within = id == kind.Part ? null : folders.Subtree(id).Select(folder => folder.Id).ToHashSet(StringComparer.Ordinal);
        await foreach (var item in point.ItemsAsync(new ItemFilter(kind.Item), cancellation))
            if (within is null || (item.ParentId is { } parent && within.Contains(parent)))
                yield return item;
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(PointReader point, ContentReference content, CancellationToken cancellation)
    {
        await using var stream = await point.OpenContentAsync(content, cancellation);
        using var buffer = new MemoryStream((int)content.Length);
        await stream.CopyToAsync(buffer, cancellation);
        return buffer.ToArray();
    }
}
