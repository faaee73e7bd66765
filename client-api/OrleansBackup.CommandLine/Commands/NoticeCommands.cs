using System.CommandLine;
using OrleansBackup.CommandLine.Output;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>Who is told what: a customer's contacts and notices, and who hears of which events.</summary>
internal static class NoticeCommands
{
    private static readonly Column[] Contacts =
        [Column.Of("contacts", list => string.Join("; ", list.Items("contacts").Select(contact => $"{contact.Text("name")} <{contact.Text("email")}> {contact.Text("authority")}".TrimEnd())))];

    private static readonly Column[] Notices =
    [
        Column.Time("MADE", "createdAt"), Column.Text("KIND", "kind"), Column.Text("SUBJECT", "en.subject"), Column.Text("STATE", "state"), Column.Text("NEEDS A PERSON", "needsAPerson"),
        Column.Of("TO", notice => string.Join(", ", notice.Items("deliveries").Select(delivery => $"{delivery.Text("to")} {delivery.Text("state")}"))), Column.Id("ID", "id"),
    ];

    private static readonly Column[] Webhooks =
        [Column.Text("ADDRESS", "url"), Column.Text("TOLD", "told"), Column.Text("ENABLED", "enabled"), Column.Time("MADE", "createdAt"), Column.Id("ID", "id")];

    private static readonly Column[] Subscriptions =
    [
        Column.Text("NAME", "name"), Column.Text("WAY", "channel"), Column.Text("ADDRESS", "address"), Column.Text("KINDS", "kinds"), Column.Text("ENABLED", "enabled"), Column.Number("WAITING", "deliveries.waiting"),
        Column.Number("GIVEN UP", "deliveries.givenUp"), Column.Time("LAST DELIVERED", "deliveries.deliveredAt"), Column.Text("PROBLEM", "deliveries.problem"), Column.Id("ID", "id"),
    ];

    private static readonly Column[] Deliveries =
        [Column.Number("NUMBER", "sequence"), Column.Time("HAPPENED", "occurredAt"), Column.Text("KIND", "kind"), Column.Text("SUBJECT", "subject"), Column.Text("STATE", "state"), Column.Number("ATTEMPTS", "attemptCount"), Column.Time("NEXT", "nextAt"), Column.Id("ID", "id")];

    public static Command OfContacts(Verbs verbs) => Verbs.Group("contacts", "Whom of a customer to tell things, and who may decide what.",
        verbs.Show("show", "Shows the contacts of a customer.", "tenants/{tenant}/contacts", Contacts),
        verbs.Put("put", "Replaces the contacts of a customer. Notices that had nobody to go to go out then.", "tenants/{tenant}/contacts", Contacts));

    public static Command OfNotices(Verbs verbs) => Verbs.Group("notices", "What customers were told.",
        verbs.List("list", "Lists what the customer was or is to be told, newest first, and whether it arrived.", "tenants/{tenant}/notices", "notices", Notices),
        verbs.Send("resend", "Sends a notice again: to everybody it went to, and to contacts of now.", "POST tenants/{tenant}/notices/{notice}/resend", Notices));

    public static Command OfWebhooks(Verbs verbs)
    {
        Field[] settings = [Field.Several("--told", "told", "which notices it gets", "KIND"), Field.YesOrNoIfAny("--enabled", "enabled", "whether it is called")];
        return Verbs.Group("webhooks", "Addresses that are called with a customer's notices.",
            verbs.List("list", "Lists them.", "tenants/{tenant}/webhooks", "webhooks", Webhooks),
            verbs.Show("show", "Shows one.", "tenants/{tenant}/webhooks/{webhook}", Webhooks),
            verbs.SendForSecret("add", "Adds an address, and shows the secret of its signatures once, alone on standard output.", "POST tenants/{tenant}/webhooks", [Field.Text("--url", "url", "an https address in the open internet", "URL"), .. settings]),
            verbs.Change("change", "Changes what is given; its secret stays.", "tenants/{tenant}/webhooks/{webhook}", Webhooks, [Field.TextIfAny("--url", "url", "another address", "URL"), .. settings]),
            verbs.Send("remove", "Removes one.", "DELETE tenants/{tenant}/webhooks/{webhook}", Webhooks));
    }

    public static Command OfSubscriptions(Verbs verbs)
    {
        Field enabled = Field.YesOrNoIfAny("--enabled", "enabled", "whether events are sent"), language = Field.WordIfAny("--language", "language", "language of mails", "nl", "en");
        return Verbs.Group("subscriptions", "Who hears of which events: of the whole estate, or with --tenant of one customer.",
            verbs.List("kinds", "Lists every kind of event.", "event-kinds", "kinds", [Column.Text("KIND", "kind"), Column.Text("OF A CUSTOMER", "ofTenant"), Column.Text("WHAT", "title.en"), Column.Text("WHEN", "meaning.en")]),
            verbs.List("list", "Lists subscriptions, and how their deliveries go.", "[tenant]/subscriptions", "subscriptions", Subscriptions),
            verbs.Show("show", "Shows one.", "[tenant]/subscriptions/{subscription}", Subscriptions),
            verbs.SendForSecret("add", "Subscribes to events, and shows the secret of a webhook's signatures once, alone on standard output.", "POST [tenant]/subscriptions",
                Field.Text("--name", "name", "what to call it", "NAME"), Field.Text("--address", "address", "an https address in the open internet, or an e-mail address", "ADDRESS"), Field.WordIfAny("--channel", "channel", "the way", "webhook", "mail"),
                Field.Several("--kind", "kinds", "a kind of event", "KIND", required: true), language, enabled),
            verbs.Change("change", "Changes what is given; its channel and its secret stay.", "[tenant]/subscriptions/{subscription}", Subscriptions,
                Field.TextIfAny("--name", "name", "another name", "NAME"), Field.TextIfAny("--address", "address", "another address", "ADDRESS"), Field.Several("--kind", "kinds", "a kind of event", "KIND"), language, enabled, Field.Kept("channel")),
            verbs.Send("remove", "Removes one and what waits for it.", "DELETE [tenant]/subscriptions/{subscription}", Subscriptions),
            verbs.SendForSecret("new-secret", "Gives a webhook a new secret, alone on standard output; for a day calls are signed with both.", "POST [tenant]/subscriptions/{subscription}/secret"),
            verbs.Send("test", "Sends an event of the kind test.", "POST [tenant]/subscriptions/{subscription}/test", Subscriptions),
            verbs.List("deliveries", "Lists deliveries, newest first.", "[tenant]/subscriptions/{subscription}/deliveries", "deliveries", Deliveries, Field.WordIfAny("--state", "state", "only those that stand so", "pending", "delivered", "failed", "givenUp")),
            verbs.Send("resend", "Sends an event again, whatever became of it.", "POST [tenant]/subscriptions/{subscription}/deliveries/{delivery}/resend", Deliveries));
    }
}
