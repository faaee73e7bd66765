using Microsoft.Extensions.Options;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Calendar;
using OrleansBackup.Microsoft365.Contacts;
using OrleansBackup.Microsoft365.Items;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Microsoft365.Tasks;
using OrleansBackup.Grains.Runs;

namespace OrleansBackup.Grains.Mailboxes.Items;

/// <summary>Opens one mailbox's calendars, contacts and tasks, to read and to write.</summary>
internal sealed class ItemSources(IOptions<ItemReadOptions> items, IOptions<MailReadOptions> reading, IOptions<MailWriteOptions> writing)
{
    public IItemSource Read(ItemPartKind kind, GraphClient client, string mailbox) => kind.Part switch
    {
        ItemIds.Calendar => new CalendarReader(client, mailbox, items.Value, reading.Value),
        ItemIds.Contacts => new ContactReader(client, mailbox, items.Value),
        _ => new TaskReader(client, mailbox, items.Value, reading.Value),
    };

    public IItemTarget Write(ItemPartKind kind, GraphClient client, string mailbox) => kind.Part switch
    {
        ItemIds.Calendar => new CalendarWriter(client, mailbox, writing.Value),
        ItemIds.Contacts => new ContactWriter(client, mailbox, writing.Value),
        _ => new TaskWriter(client, mailbox, writing.Value),
    };
}
