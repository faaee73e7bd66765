using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Ids;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Mail;

/// <summary>From the names in a mail path to the mailbox, folder and message, with Exchange's refusals.</summary>
internal static class MailAccess
{
    public static Mailbox Mailbox(GraphRequest request)
    {
        var name = request.Values["user"];
        if (request.Tenant.Directory.Find(name) is not { } user)
            throw new GraphErrorException(404, "ErrorInvalidUser", $"The requested user '{name}' is invalid.");
        if (user.MailboxRefusal is { } refusal)
            throw new GraphErrorException(refusal.Status, refusal.Code, refusal.Message);
        return request.Tenant.Directory.FindMailbox(user.Id)
            ?? throw new GraphErrorException(MailboxRefusal.NotEnabled.Status, MailboxRefusal.NotEnabled.Code, MailboxRefusal.NotEnabled.Message);
    }

    /// <summary>A folder by id or well-known name.</summary>
    public static MailFolder Folder(Mailbox mailbox, string name)
    {
        if (mailbox.TryWellKnown(name, out var wellKnown))
            return wellKnown;
        var id = Parse(name);
        return id.Kind == ExchangeIdKind.Folder && id.Mailbox == mailbox.UserId && mailbox.FindFolder((int)id.Number) is { } folder
            ? folder
            : throw GraphErrors.ItemNotFound();
    }

    /// <summary>The folder named by <c>{folder}</c> and, if the path has it, <c>{child}</c>.</summary>
    public static MailFolder Folder(GraphRequest request, Mailbox mailbox) => Folder(mailbox, request.Values["folder"]);

    /// <summary>A message by either kind of id; when the path names a folder, it must lie there.</summary>
    public static MessageVersion Message(GraphRequest request, Mailbox mailbox)
    {
        var id = Parse(request.Values["message"]);
        var found = id.Mailbox != mailbox.UserId ? null : id.Kind switch
        {
            ExchangeIdKind.Message => mailbox.FindMessageByMutable(id.Number),
            ExchangeIdKind.ImmutableMessage => mailbox.FindMessage(id.Number),
            _ => null,
        };
        if (found is null || (request.Values.ContainsKey("folder") && found.Folder != Folder(request, mailbox)))
            throw GraphErrors.ItemNotFound();
        return found;
    }

    public static ExchangeId Parse(string text) => ExchangeId.TryParse(text, out var id) ? id.Value : throw GraphErrors.MalformedId();

    public static string FolderId(Mailbox mailbox, MailFolder folder) => new ExchangeId(ExchangeIdKind.Folder, mailbox.UserId, folder.Number).ToString();

    public static string MessageId(Mailbox mailbox, MessageVersion version, bool immutable) =>
        MessageId(mailbox, version, version.MutableNumber, immutable);

    public static string MessageId(Mailbox mailbox, MessageVersion version, long mutableNumber, bool immutable) => immutable
        ? new ExchangeId(ExchangeIdKind.ImmutableMessage, mailbox.UserId, version.Message.Number).ToString()
        : new ExchangeId(ExchangeIdKind.Message, mailbox.UserId, mutableNumber).ToString();

    public static string AttachmentId(Mailbox mailbox, MessageVersion version, int key, bool immutable) => immutable
        ? new ExchangeId(ExchangeIdKind.ImmutableAttachment, mailbox.UserId, version.Message.Number, key).ToString()
        : new ExchangeId(ExchangeIdKind.Attachment, mailbox.UserId, version.MutableNumber, key).ToString();
}
