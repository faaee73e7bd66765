using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Ids;
using OrleansBackup.GraphSimulator.Mail;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Items;

/// <summary>From the names in a path to calendars, contacts and tasks, and back to ids, with Exchange's refusals.</summary>
internal static class ItemAccess
{
    /// <summary>A container by id or by the name that the service knows it by.</summary>
    public static MailboxItem Container(Mailbox mailbox, string name, ItemKind kind)
    {
        if (string.Equals(WellKnown(kind), name, StringComparison.OrdinalIgnoreCase))
            return mailbox.WellKnownItem(name);
        var id = MailAccess.Parse(name);
        return id.Kind == ExchangeIdKind.Container && id.Mailbox == mailbox.UserId && mailbox.FindItem(id.Number)?.Item is { } item && item.Kind == kind
            ? item
            : throw GraphErrors.ItemNotFound();
    }

    /// <summary>An item by either kind of id, with the day when the id is of an occurrence.</summary>
    public static (ItemVersion Version, DateOnly? Day) Item(Mailbox mailbox, string name, ItemKind kind)
    {
        var id = MailAccess.Parse(name);
        var found = id.Mailbox != mailbox.UserId ? null : id.Kind switch
        {
            ExchangeIdKind.Item => mailbox.FindItemByMutable(id.Number),
            ExchangeIdKind.ImmutableItem => mailbox.FindItem(id.Number),
            ExchangeIdKind.Occurrence or ExchangeIdKind.ImmutableOccurrence => mailbox.FindItem(id.Number),
            _ => null,
        };
        if (found is null || found.Item.Kind != kind)
            throw GraphErrors.ItemNotFound();
        return (found, id.Kind is ExchangeIdKind.Occurrence or ExchangeIdKind.ImmutableOccurrence ? DateOnly.FromDayNumber(id.Attachment) : null);
    }

    public static string Id(Mailbox mailbox, MailboxItem container) => new ExchangeId(ExchangeIdKind.Container, mailbox.UserId, container.Number).ToString();

    public static string Id(Mailbox mailbox, ItemVersion version, bool immutable) => version.Item.IsContainer
        ? Id(mailbox, version.Item)
        : immutable
            ? new ExchangeId(ExchangeIdKind.ImmutableItem, mailbox.UserId, version.Item.Number).ToString()
            : new ExchangeId(ExchangeIdKind.Item, mailbox.UserId, version.MutableNumber).ToString();

    public static string OccurrenceId(Mailbox mailbox, ItemVersion series, DateOnly day, bool immutable) =>
        new ExchangeId(immutable ? ExchangeIdKind.ImmutableOccurrence : ExchangeIdKind.Occurrence, mailbox.UserId, series.Item.Number, day.DayNumber).ToString();

    public static string AttachmentId(Mailbox mailbox, ItemVersion version, DateOnly? day, int key, bool immutable) => day is { } on
        ? new ExchangeId(immutable ? ExchangeIdKind.ImmutableOccurrenceAttachment : ExchangeIdKind.OccurrenceAttachment, mailbox.UserId, version.Item.Number, (on.DayNumber << 8) | key).ToString()
        : new ExchangeId(immutable ? ExchangeIdKind.ImmutableItemAttachment : ExchangeIdKind.ItemAttachment, mailbox.UserId, version.Item.Number, key).ToString();

    private static string? WellKnown(ItemKind kind) => kind switch
    {
        ItemKind.Calendar => "calendar",
        ItemKind.CalendarGroup => "calendargroup",
        ItemKind.ContactFolder => "contacts",
        ItemKind.TaskList => "tasks",
        _ => null,
    };
}
