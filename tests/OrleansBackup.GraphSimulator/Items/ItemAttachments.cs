using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Content;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Ids;
using OrleansBackup.GraphSimulator.Mail;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Items;

/// <summary>Attachments of events, of single occurrences and of tasks: reading, adding and removing.</summary>
internal static class ItemAttachments
{
    private static readonly ItemShape Shape = ItemShape.Of("attachment", "name contentType isInline contentId contentLocation contentBytes", "size lastModifiedDateTime", "");

    public static GraphResponse List(GraphRequest request, Mailbox mailbox, ItemVersion version, DateOnly? day)
    {
        var select = Shape.Select(request);
        // The content of tasks' attachments comes one by one only.
        var withBytes = version.Item.Kind == ItemKind.Event;
        return ItemLists.Json(200, new JsonObject
        {
            ["@odata.context"] = $"{request.ServiceRoot}/$metadata#attachments",
            ["value"] = new JsonArray([.. Of(version, day).Select(attachment => Show(mailbox, version, day, attachment, request.WantsImmutableIds, select, withBytes, withItem: false))]),
        });
    }

    public static GraphResponse Get(GraphRequest request, SimulatedWorld world, Mailbox mailbox, ItemVersion version, DateOnly? day)
    {
        var attachment = Find(request, world, mailbox, version, day);
        var withItem = request.Option("$expand")?.EndsWith("itemAttachment/item", StringComparison.OrdinalIgnoreCase) == true;
        return ItemLists.Json(200, Show(mailbox, version, day, attachment, request.WantsImmutableIds, Shape.Select(request), withBytes: true, withItem));
    }

    public static GraphResponse Value(GraphRequest request, SimulatedWorld world, Mailbox mailbox, ItemVersion version, DateOnly? day)
    {
        var attachment = Find(request, world, mailbox, version, day);
        return attachment.Kind == "reference"
            ? throw new GraphErrorException(400, "ErrorInvalidRequest", "A reference attachment has no content.")
            : GraphResponse.Bytes(attachment.ContentType ?? "application/octet-stream", attachment.Bytes.Read());
    }

    public static GraphResponse Add(GraphRequest request, Mailbox mailbox, ItemVersion version, DateOnly? day)
    {
        var attachment = Read(request.JsonBody(), NextKey(version, day));
        var changed = Attach(mailbox, version.Item, day, attachment);
        return ItemLists.Json(201, Show(mailbox, changed, day, attachment, request.WantsImmutableIds, null, withBytes: false, withItem: false));
    }

    public static GraphResponse Remove(GraphRequest request, SimulatedWorld world, Mailbox mailbox, ItemVersion version, DateOnly? day)
    {
        var attachment = Find(request, world, mailbox, version, day);
        Change(mailbox, version.Item, day, all => all.Remove(attachment));
        return GraphResponse.NoContent;
    }

    /// <summary>Adds a file that was uploaded in blocks; null when the item is gone.</summary>
    public static string? Uploaded(Mailbox mailbox, MailboxItem item, DateOnly? day, UploadedAttachment file, bool immutable)
    {
        if (item.Latest.IsDeleted)
            return null;
        var key = NextKey(item.Latest, day);
        var changed = Attach(mailbox, item, day, new ItemAttachment(key, "file", file.Name, file.ContentType, file.IsInline, file.ContentId, new HeldBytes(file.Bytes)));
        return $"https://outlook.office.com/api/v2.0/Users('{mailbox.UserId}')/Items('{ItemAccess.Id(mailbox, changed, immutable)}')/Attachments('{ItemAccess.AttachmentId(mailbox, changed, day, key, immutable)}')";
    }

    public static ImmutableArray<ItemAttachment> Of(ItemVersion version, DateOnly? day) =>
        day is not { } on ? version.Attachments : version.Exceptions.TryGetValue(on, out var exception) ? exception.Attachments : [];

    public static JsonObject Show(Mailbox mailbox, ItemVersion version, DateOnly? day, ItemAttachment attachment, bool immutable, IReadOnlySet<string>? select, bool withBytes, bool withItem)
    {
        var isTask = version.Item.Kind == ItemKind.Task;
        var shown = new JsonObject
        {
            ["@odata.type"] = isTask ? "#microsoft.graph.taskFileAttachment" : $"#microsoft.graph.{attachment.Kind}Attachment",
            ["id"] = ItemAccess.AttachmentId(mailbox, version, day, attachment.Key, immutable),
            ["lastModifiedDateTime"] = ItemLists.Time(version.CreatedAt),
            ["name"] = attachment.Name,
            ["contentType"] = attachment.ContentType,
            ["size"] = attachment.Bytes.Length + (isTask ? 0 : 300 + attachment.Name.Length * 2),
        };
        if (!isTask)
            shown["isInline"] = attachment.IsInline;
        if (attachment.Kind == "file" && !isTask)
            shown["contentId"] = attachment.ContentId;
        if (attachment.Kind == "file" && withBytes)
            shown["contentBytes"] = Convert.ToBase64String(attachment.Bytes.Read().Span);
        if (withItem && attachment.Item is { } item)
            shown["item"] = item.DeepClone();
        return ItemShape.Selected(shown, select, "item");
    }

    private static ItemAttachment Read(JsonObject body, int key)
    {
        var name = (string?)body["name"] ?? throw new GraphErrorException(400, "ErrorInvalidRequest", "An attachment needs a name.");
        var isInline = body["isInline"]?.GetValue<bool>() ?? false;
        switch (((string?)body["@odata.type"])?.TrimStart('#'))
        {
            case "microsoft.graph.fileAttachment" or "microsoft.graph.taskFileAttachment":
                return new ItemAttachment(key, "file", name, (string?)body["contentType"] ?? "application/octet-stream", isInline, (string?)body["contentId"], new HeldBytes(Bytes(body)));
            case "microsoft.graph.itemAttachment" when body["item"] is JsonObject item:
                return new ItemAttachment(key, "item", name, null, isInline, null, new HeldBytes(System.Text.Encoding.UTF8.GetBytes(item.ToJsonString())), item.DeepClone().AsObject());
            case "microsoft.graph.referenceAttachment":
                throw new GraphErrorException(400, "ErrorInvalidRequest", "Reference attachments cannot be created.");
            default:
                throw new GraphErrorException(400, "ErrorInvalidRequest", "The attachment needs '@odata.type' of a file or item attachment.");
        }
    }

    private static byte[] Bytes(JsonObject body)
    {
        try
        {
            var bytes = Convert.FromBase64String((string?)body["contentBytes"] ?? throw new GraphErrorException(400, "ErrorInvalidRequest", "contentBytes is missing."));
            return bytes.Length < AttachmentReader.LargestSimple ? bytes : throw new GraphErrorException(413, "RequestEntityTooLarge", "The attachment is too large for one request; use an upload session.");
        }
        catch (FormatException)
        {
            throw new GraphErrorException(400, "RequestBodyRead", "contentBytes is no base64.");
        }
    }

    private static ItemAttachment Find(GraphRequest request, SimulatedWorld world, Mailbox mailbox, ItemVersion version, DateOnly? day)
    {
        var id = MailAccess.Parse(request.Values["attachment"]);
        var key = id.Kind is ExchangeIdKind.OccurrenceAttachment or ExchangeIdKind.ImmutableOccurrenceAttachment ? id.Attachment & 0xFF : id.Attachment;
        var found = Of(version, day).FirstOrDefault(attachment => attachment.Key == key && id.Number == version.Item.Number) ?? throw GraphErrors.ItemNotFound();
        return world.Faults.IsAttachmentBroken(mailbox.UserId, version.Item.Number, version.MutableNumber, key)
            ? throw new GraphErrorException(500, "ErrorCannotOpenFileAttachment", "OLE conversion failed.")
            : found;
    }

    private static int NextKey(ItemVersion version, DateOnly? day) => Of(version, day).Select(attachment => attachment.Key).DefaultIfEmpty(0).Max() + 1;

    private static ItemVersion Attach(Mailbox mailbox, MailboxItem item, DateOnly? day, ItemAttachment attachment) => Change(mailbox, item, day, all => all.Add(attachment));

    private static ItemVersion Change(Mailbox mailbox, MailboxItem item, DateOnly? day, Func<ImmutableArray<ItemAttachment>, ImmutableArray<ItemAttachment>> change) =>
        mailbox.ChangeItem(item, version =>
        {
            if (day is not { } on)
                return version with { Attachments = change(version.Attachments) };
            var exception = version.Exceptions.GetValueOrDefault(on) ?? new SeriesException([], []);
            return version with { Exceptions = version.Exceptions.SetItem(on, exception with { Attachments = change(exception.Attachments) }) };
        });
}
