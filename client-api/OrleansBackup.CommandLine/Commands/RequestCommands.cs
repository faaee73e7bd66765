using System.CommandLine;
using System.Text.Json.Nodes;
using OrleansBackup.CommandLine.Http;
using OrleansBackup.CommandLine.Output;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>Restores that a customer asked for, and restore points that are opened to be read with other programs.</summary>
internal static class RequestCommands
{
    private static readonly Option<string> AskedBy = new("--asked-by") { Description = "e-mail address of the contact who asks", HelpName = "ADDRESS", Required = true };
    private static readonly Option<string> Text = new("--text") { Description = "what he wants, in his words", HelpName = "TEXT", Required = true };

    private static readonly Column[] Request =
    [
        Column.Id("REQUEST", "id"), Column.Text("STAGE", "stage"), Column.Text("ASKED BY", "askedBy"), Column.Text("TEXT", "text"), Column.Text("RESOURCE", "restore.resource"), Column.Time("RECEIVED", "receivedAt"), Column.Text("DECIDED BY", "decision.who"),
        Column.Text("JOB", "job"), Column.Text("RESULT", "result.state"), Column.Text("DELIVERED", "delivered"),
    ];

    private static readonly Column[] Opening =
    [
        Column.Id("OPENING", "id"), Column.Text("RESOURCE", "resource"), Column.Number("POINT", "point"), Column.Text("PROTOCOL", "protocol"), Column.Text("WHO", "who"), Column.Text("WHY", "why"), Column.Time("UNTIL", "until"), Column.Time("LAST USED", "lastUsedAt"),
        Column.Text("END", "end"), Column.Number("ITEMS READ", "use.items"),
    ];

    public static Command Requests(Verbs verbs) => Verbs.Group("requests", "Restores that customers asked for.",
        verbs.Make("make", "Writes down what a contact asks for, and checks what it would bring back.", [.. RestoreCommands.Request, AskedBy, Text], async (call, cancellation) =>
        {
            var tenant = await call.TenantAsync(cancellation);
            var body = new JsonObject { ["askedBy"] = call.Get(AskedBy), ["text"] = call.Get(Text), ["restore"] = await RestoreCommands.BodyAsync(call, tenant, cancellation) };
            call.Print.Sheet(await call.Api.PostAsync(Address.OfTenant(tenant, "restore-requests"), body, cancellation), Request);
        }),
        verbs.List("list", "Lists them, newest first.", "tenants/{tenant}/restore-requests", "requests", Request, Field.TextIfAny("--stage", "stage", "only those at this stage, such as received", "STAGE")),
        verbs.Show("show", "Says how one stands.", "tenants/{tenant}/restore-requests/{request}", Request),
        verbs.Send("approve", "Approves one: its restore job starts and a work order is opened.", "POST tenants/{tenant}/restore-requests/{request}/approval", Request, Field.Why),
        verbs.Send("decline", "Declines one; nothing is restored.", "POST tenants/{tenant}/restore-requests/{request}/refusal", Request, Field.Why),
        verbs.Send("confirm", "Writes down whether the customer has what he asked for, with the time spent.", "POST tenants/{tenant}/restore-requests/{request}/confirmation", Request,
            Field.YesOrNo("--satisfied", "satisfied", "whether he has it"), Field.Number("--minutes", "minutes", "what a person spent on it"), Field.Text("--note", "note", "who said so and how")));

    public static Command Openings(Verbs verbs) => Verbs.Group("openings", "Restore points opened, read only, to a file manager (WebDAV) or a mail program (IMAP).",
        verbs.Send("open", "Opens a restore point for some hours. The password is shown this once.", "POST tenants/{tenant}/resources/{resource}/points/{point}/openings",
            [Column.Text("address", "address"), Column.Id("user name", "userName"), Column.Id("password", "password"), Column.Time("until", "opening.until")],
            Field.Word("--protocol", "protocol", "how it is read", "webDav", "imap"), Field.Why, Field.TextIfAny("--lasts", "lasts", "from 00:01:00 to 7.00:00:00; without it, eight hours", "TIME")),
        verbs.List("list", "Lists openings, newest first, with how much was read.", "tenants/{tenant}/openings", "openings", Opening, Field.Flag("--open", "open", "only those that are open")),
        verbs.List("of", "Lists those of one restore point.", "tenants/{tenant}/resources/{resource}/points/{point}/openings", "openings", Opening),
        verbs.Send("end", "Ends one at once: programs that are connected are cut off.", "DELETE tenants/{tenant}/openings/{opening}", Opening),
        verbs.Send("policy", "Says whether contacts of the customer may open restore points themselves.", "PUT tenants/{tenant}/openings/policy",
            [Column.Text("customers may open", "customersMayOpen")], Field.YesOrNo("--customers-may-open", "customersMayOpen", "whether they may")));
}
