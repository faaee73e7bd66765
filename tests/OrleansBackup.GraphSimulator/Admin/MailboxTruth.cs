using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using OrleansBackup.GraphSimulator.Content;
using OrleansBackup.GraphSimulator.Mail;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Admin;

/// <summary>Reads what a mailbox was at any moment from its history.</summary>
internal static class MailboxTruth
{
    /// <param name="mailbox">Whose.</param>
    /// <param name="at">The moment.</param>
    /// <param name="cursor">From the page before; null for the first.</param>
    /// <param name="pageSize">Longest page of messages.</param>
    /// <exception cref="FormatException">The cursor is not one.</exception>
    public static MailboxState Read(Mailbox mailbox, DateTimeOffset at, string? cursor, int pageSize)
    {
        var after = cursor is null ? 0 : long.Parse(cursor, CultureInfo.InvariantCulture);
        var folders = mailbox.Read(() => mailbox.AllFolders.Select(folder => folder.At(at)).OfType<FolderVersion>()
            .Where(version => !version.IsDeleted && !version.Folder.IsSearchFolder && version.Parent is not null).ToDictionary(version => version.Folder));
        var inTree = folders.Values.Where(version => PathOf(version, folders) is not null).Select(version => version.Folder).ToHashSet();
        var page = mailbox.Read(() => mailbox.AllMessages.Where(message => message.Number > after).Select(message => message.At(at)).OfType<MessageVersion>()
            .Where(version => version.Folder is { } folder && inTree.Contains(folder)).OrderBy(version => version.Message.Number).Take(pageSize + 1).ToList());
        var isLast = page.Count <= pageSize;
        if (!isLast)
            page.RemoveAt(pageSize);
        return new MailboxState(at,
            cursor is not null ? [] : [.. inTree.Select(folder => folders[folder]).OrderBy(version => version.Folder.Number).Select(version => new StateFolder(
                MailAccess.FolderId(mailbox, version.Folder), PathOf(version, folders)!, MailAccess.FolderId(mailbox, version.Parent!), version.IsHidden, version.Folder.WellKnownName))],
            [.. page.Select(version => Show(mailbox, version))],
            isLast ? null : page[^1].Message.Number.ToString(CultureInfo.InvariantCulture));
    }

    private static List<string>? PathOf(FolderVersion version, Dictionary<MailFolder, FolderVersion> folders)
    {
        var path = new List<string> { version.DisplayName };
        for (var parent = version.Parent!; parent.WellKnownName != "msgfolderroot"; parent = folders[parent].Parent!)
        {
            if (!folders.TryGetValue(parent, out var above))
                return null; // below Recoverable Items or another root
            path.Insert(0, above.DisplayName);
        }
        return path;
    }

    private static StateMessage Show(Mailbox mailbox, MessageVersion version)
    {
        var mime = version.Content.ToMime();
        var display = new MessageDisplay(MessageProperties.AllNames, ExpandOption.None, ImmutableIds: true, TextBody: false, BasicOnly: false);
        var view = new MessageView(mailbox, version, display);
        var detail = view.Detail;
        return new StateMessage(
            MailAccess.MessageId(mailbox, version, immutable: true), MailAccess.MessageId(mailbox, version, immutable: false), MailAccess.FolderId(mailbox, version.Folder!),
            Json(view), Hash(mime.Span), mime.Length, new StateBody(detail.BodyType, detail.Body),
            [.. detail.Attachments.Select(attachment => Show(mailbox, version, attachment))], version.Content.ExtendedProperties);
    }

    private static StateAttachment Show(Mailbox mailbox, MessageVersion version, MailAttachment attachment)
    {
        var bytes = attachment.Bytes.Read();
        return new StateAttachment(MailAccess.AttachmentId(mailbox, version, attachment.Key, immutable: true), attachment.Name, attachment.Item is null ? attachment.ContentType : null,
            attachment.IsInline, attachment.ContentId, attachment.Item is null ? "file" : "item", Hash(bytes.Span), bytes.Length);
    }

    private static JsonElement Json(MessageView view)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
            MessageEndpoints.Write(json, view);
        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    public static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
