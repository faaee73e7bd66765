using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Calendar;
using OrleansBackup.GraphSimulator.Contacts;
using OrleansBackup.GraphSimulator.Items;
using OrleansBackup.GraphSimulator.Tasks;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Admin;

/// <summary>Reads what calendars, contacts and tasks were at any moment from their history.</summary>
internal static class ItemsTruth
{
    private static readonly Dictionary<string, string> AllParts = new() { ["checklistItems"] = "", ["linkedResources"] = "" };

    public static ItemsState Read(Mailbox mailbox, DateTimeOffset at) => mailbox.Read(() =>
    {
        var alive = mailbox.AllItems.OrderBy(item => item.Number).Select(item => item.At(at)).OfType<ItemVersion>().Where(version => !version.IsDeleted).ToList();
        return new ItemsState(at,
            [.. alive.Where(version => version.Item.IsContainer && version.Item.Kind != ItemKind.CalendarGroup).Select(version => Container(mailbox, version))],
            [.. alive.Where(version => !version.Item.IsContainer).Select(version => Item(mailbox, version))]);
    });

    private static StateContainer Container(Mailbox mailbox, ItemVersion version) => new(ItemAccess.Id(mailbox, version.Item), version.Item.Kind,
        (string?)(version.Properties["name"] ?? version.Properties["displayName"]) ?? "", version.Container is { } parent ? ItemAccess.Id(mailbox, parent) : null,
        version.Item.WellKnownName, Element(version.Properties));

    private static StateItem Item(Mailbox mailbox, ItemVersion version)
    {
        var shown = version.Item.Kind switch
        {
            ItemKind.Event => EventJson.Show(mailbox, version, null, immutable: true),
            ItemKind.Contact => ContactJson.Show(mailbox, version, immutable: true),
            _ => TaskJson.Show(mailbox, version, immutable: true, AllParts),
        };
        return new StateItem(ItemAccess.Id(mailbox, version, immutable: true), version.Item.Kind, ItemAccess.Id(mailbox, version.Container!), Element(shown), Element(version.Properties),
            Attachments(mailbox, version, null, version.Attachments), version.Photo is { } photo ? MailboxTruth.Hash(photo.Span) : null,
            [.. version.Exceptions.Select(pair => new StateException(pair.Key, Element(EventJson.Show(mailbox, version, pair.Key, immutable: true)),
                Element(EventJson.Merged(version, pair.Key)), Attachments(mailbox, version, pair.Key, pair.Value.Attachments)))],
            [.. version.Cancelled], version.Extended);
    }

    private static List<StateAttachment> Attachments(Mailbox mailbox, ItemVersion version, DateOnly? day, ImmutableArray<ItemAttachment> attachments) =>
    [
        .. attachments.Select(attachment => new StateAttachment(ItemAccess.AttachmentId(mailbox, version, day, attachment.Key, immutable: true), attachment.Name, attachment.ContentType,
            attachment.IsInline, attachment.ContentId, attachment.Kind, MailboxTruth.Hash(attachment.Bytes.Read().Span), attachment.Bytes.Length)),
    ];

    private static JsonElement Element(JsonObject item) => JsonSerializer.SerializeToElement(item);
}
