using OrleansBackup.GrainInterfaces.Points;
using OrleansBackup.Grains.Mailboxes;
using OrleansBackup.Grains.Mailboxes.Items;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Points;

/// <summary>An item of a restore point as a caller sees it, whatever its kind.</summary>
internal static class PointView
{
    public static ItemAtPoint Of(ItemVersion item) => item.Kind switch
    {
        ItemKinds.Message => With(item, OfMessage(MailItem.Read(item))),
        ItemKinds.Event or ItemKinds.Contact or ItemKinds.Task => With(item, OfRecord(item)),
        _ => With(item, OfOther(item)),
    };

    private static ItemAtPoint With(ItemVersion item, ItemAtPoint shown) => shown with
    {
        Kind = item.Kind,
        Contents = [.. item.Contents.Select(content => new ContentAtPoint(content.Key, content.Value.Length))],
    };

    // The record's lists are told as lists, and its mark is nobody's but the next run's.
    private static ItemAtPoint OfRecord(ItemVersion item) => OfOther(item) with
    {
        Attachments = [.. ItemRecord.AttachmentsOf(item).Select(entry => new AttachmentAtPoint(entry.Name, entry.ContentType, entry.Kind, entry.Size, entry.IsInline, entry.Problem))],
        Warnings = ItemRecord.WarningsOf(item),
        Facts = item.Properties.RemoveRange([ItemRecord.Mark, ItemRecord.Attachments, ItemRecord.Warnings]),
    };

    private static ItemAtPoint OfMessage(MailItem item) => new(
        item.Id, item.FolderId, item.Subject, item.From, item.Received, item.Sent, item.Size, item.IsRead, item.IsDraft, item.Importance,
        item.Categories, item.FlagStatus, item.HasMime,
        [.. item.Attachments.Select(entry => new AttachmentAtPoint(entry.Name, entry.ContentType, entry.Kind, entry.Size, entry.IsInline, entry.Problem))],
        item.Warnings);

    private static ItemAtPoint OfOther(ItemVersion item) => new(
        item.Id, item.ParentId ?? "", item.Name, "", item.Time, null, item.Size, false, false, "normal", [], "notFlagged", false, [], [])
    {
        Facts = item.Properties,
    };
}
