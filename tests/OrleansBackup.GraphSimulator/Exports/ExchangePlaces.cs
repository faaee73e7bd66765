using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Ids;
using OrleansBackup.GraphSimulator.Items;
using OrleansBackup.GraphSimulator.Mail;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Exports;

/// <summary>From the names of the export and import interface to mailboxes, folders and items: here mail folders, calendars, contact folders and task lists are all folders.</summary>
internal static class ExchangePlaces
{
    private const string Prefix = "MBX:";

    /// <summary>The id that this interface knows a mailbox by; it is not the user's.</summary>
    public static string IdOf(Guid tenant, Guid user) => $"{Prefix}{Turned(user)}@{tenant}";

    /// <summary>The user whose mailbox a name means; null: it is no mailbox id.</summary>
    public static Guid? UserOf(string mailboxId) =>
        mailboxId.StartsWith(Prefix, StringComparison.Ordinal) && mailboxId.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && Guid.TryParse(mailboxId[Prefix.Length..at], out var id)
            ? Turned(id) : null;

    public static Mailbox Mailbox(GraphRequest request)
    {
        var name = request.Values["mailbox"];
        if (UserOf(name) is not { } user || !name.EndsWith($"@{request.Tenant.Id}", StringComparison.OrdinalIgnoreCase) || request.Tenant.Directory.Find(user.ToString()) is not { } found)
            throw new GraphErrorException(404, "ErrorNonExistentMailbox", "The mailbox does not exist.");
        if (found.MailboxRefusal is { } refusal)
            throw new GraphErrorException(refusal.Status, refusal.Code, refusal.Message);
        return request.Tenant.Directory.FindMailbox(user) ?? throw new GraphErrorException(404, "ErrorNonExistentMailbox", "The mailbox does not exist.");
    }

    /// <summary>A folder by its id.</summary>
    public static ExchangeFolder Folder(Mailbox mailbox, string name)
    {
        if (mailbox.TryWellKnown(name, out var wellKnown))
            return new ExchangeFolder(wellKnown, null);
        var id = MailAccess.Parse(name);
        if (id.Mailbox == mailbox.UserId && id.Kind == ExchangeIdKind.Folder && mailbox.FindFolder((int)id.Number) is { } folder)
            return new ExchangeFolder(folder, null);
        return id.Mailbox == mailbox.UserId && id.Kind == ExchangeIdKind.Container && mailbox.FindItem(id.Number)?.Item is { } item && item.Kind != ItemKind.CalendarGroup
            ? new ExchangeFolder(null, item) : throw GraphErrors.ItemNotFound();
    }

    /// <summary>An item that exists, by either kind of id.</summary>
    /// <exception cref="GraphErrorException">It does not.</exception>
    public static ExchangeItem Item(Mailbox mailbox, string name)
    {
        var id = MailAccess.Parse(name);
        if (id.Mailbox != mailbox.UserId)
            throw GraphErrors.ItemNotFound();
        var message = id.Kind switch
        {
            ExchangeIdKind.Message => mailbox.FindMessageByMutable(id.Number),
            ExchangeIdKind.ImmutableMessage => mailbox.FindMessage(id.Number),
            _ => null,
        };
        var item = id.Kind switch
        {
            ExchangeIdKind.Item => mailbox.FindItemByMutable(id.Number),
            ExchangeIdKind.ImmutableItem => mailbox.FindItem(id.Number),
            _ => null,
        };
        return message is not null || item is { Item.IsContainer: false } ? new ExchangeItem(message, item) : throw GraphErrors.ItemNotFound();
    }

    // Its own inverse.
    private static Guid Turned(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] ^= (byte)(0xA5 + i);
        return new Guid(bytes);
    }
}

/// <summary>A folder: of mail, or of something else.</summary>
internal readonly record struct ExchangeFolder(MailFolder? Mail, MailboxItem? Container)
{
    public string Type => Mail is not null ? "IPF.Note" : Container!.Kind switch
    {
        ItemKind.Calendar => "IPF.Appointment",
        ItemKind.ContactFolder => "IPF.Contact",
        _ => "IPF.Task",
    };

    /// <summary>What can lie in it.</summary>
    public ItemKind? Holds => Container?.Kind switch
    {
        ItemKind.Calendar => ItemKind.Event,
        ItemKind.ContactFolder => ItemKind.Contact,
        ItemKind.TaskList => ItemKind.Task,
        _ => null,
    };

    public string Id(Mailbox mailbox) => Mail is not null ? MailAccess.FolderId(mailbox, Mail) : ItemAccess.Id(mailbox, Container!);

    public JsonObject Show(Mailbox mailbox)
    {
        var self = this;
        var root = MailAccess.FolderId(mailbox, mailbox.WellKnown("msgfolderroot"));
        return Mail is { } folder
            ? new JsonObject
            {
                ["id"] = Id(mailbox), ["displayName"] = folder.Latest.DisplayName, ["parentFolderId"] = folder.Latest.Parent is { } parent ? MailAccess.FolderId(mailbox, parent) : root,
                ["type"] = Type, ["childFolderCount"] = mailbox.Children(folder).Count(), ["totalItemCount"] = folder.Messages.Count,
            }
            : new JsonObject
            {
                ["id"] = Id(mailbox), ["displayName"] = (string?)(Container!.Latest.Properties["name"] ?? Container.Latest.Properties["displayName"]),
                ["parentFolderId"] = Container.Latest.Container is { Kind: not ItemKind.CalendarGroup } above ? ItemAccess.Id(mailbox, above) : root,
                ["type"] = Type, ["childFolderCount"] = mailbox.Items(Container.Kind, Container).Count(), ["totalItemCount"] = mailbox.Items(self.Holds!.Value, Container).Count(),
            };
    }
}

/// <summary>An item: a message, or something else.</summary>
internal readonly record struct ExchangeItem(MessageVersion? Message, ItemVersion? Item)
{
    public long Sequence => Message?.Sequence ?? Item!.Sequence;

    public string ChangeKey(Mailbox mailbox) => MessageProperties.ChangeKey(mailbox, Sequence);

    public string Id(Mailbox mailbox, bool immutable) => Message is { } message ? MailAccess.MessageId(mailbox, message, immutable) : ItemAccess.Id(mailbox, Item!, immutable);

    public byte[] ToStream() => Message is { } message ? ItemStream.Of(message) : ItemStream.Of(Item!);

    public JsonObject Show(Mailbox mailbox, bool immutable, bool withSize)
    {
        var shown = new JsonObject
        {
            ["@odata.etag"] = $"W/\"{ChangeKey(mailbox)}\"",
            ["id"] = Id(mailbox, immutable),
            ["createdDateTime"] = ItemLists.Time(Message?.CreatedAt ?? Item!.CreatedAt),
            ["lastModifiedDateTime"] = ItemLists.Time(Message?.At ?? Item!.At),
            ["changeKey"] = ChangeKey(mailbox),
            ["categories"] = new JsonArray([.. (Message is { } mail ? mail.Categories.AsEnumerable() : (Item!.Properties["categories"] as JsonArray)?.Select(name => (string?)name ?? "") ?? [])
                .Select(name => JsonValue.Create(name))]),
            ["type"] = Message is { } message ? message.Content.ODataType is null ? "IPM.Note" : "IPM.Schedule.Meeting.Request"
                : Item!.Item.Kind switch { ItemKind.Event => "IPM.Appointment", ItemKind.Contact => "IPM.Contact", _ => "IPM.Task" },
        };
        if (withSize)
            shown["size"] = ToStream().Length; // only when it is asked for: it has to be made
        return shown;
    }
}
