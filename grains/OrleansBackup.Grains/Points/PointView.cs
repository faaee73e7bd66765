using OrleansBackup.GrainInterfaces.Points;
using OrleansBackup.Grains.Mailboxes;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Points;

/// <summary>An item of a restore point as a caller sees it, whatever its kind.</summary>
internal static class PointView
{
    public static ItemAtPoint Of(ItemVersion item) => (item.Kind == ItemKinds.Message ? OfMessage(MailItem.Read(item)) : OfOther(item)) with
    {
        Kind = item.Kind,
        Contents = [.. item.Contents.Select(content => new ContentAtPoint(content.Key, content.Value.Length))],
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
