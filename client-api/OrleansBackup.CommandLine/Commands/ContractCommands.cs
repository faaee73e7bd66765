using System.CommandLine;
using OrleansBackup.CommandLine.Output;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>A customer's contract: what holds, what will come, what was said, and everything that a person registers.</summary>
internal static class ContractCommands
{
    private static readonly Field Plan = Field.Text("--plan", "plan", "id of a plan that is sold", "PLAN");
    private static readonly Field Overrides = Field.File("--overrides", "overrides", "file with what deviates from the plan");

    private static readonly Column[] Sheet =
    [
        Column.Text("plan", "plan"), Column.Text("version", "planVersion"), Column.Text("reference", "reference"), Column.Text("terms", "termsVersion"), Column.Text("from", "start"), Column.Text("until", "end"),
        Column.Text("present term from", "termFrom"), Column.Text("present term until", "termUntil"), Column.Text("renewal", "renewal"), Column.Text("last day of notice", "lastNoticeDay"), Column.Text("end if notice today", "endIfNoticeToday"),
        Column.Text("processing agreement", "processingAgreementOn"), Column.Text("notice received", "notice.receivedOn"), Column.Text("notice processed", "notice.processedOn"), Column.Text("warned of suspension", "suspension.warnedOn"),
        Column.Text("suspended since", "suspension.since"), Column.Text("destruction on", "destructionOn"),
        Column.Of("changes", contract => string.Join("; ", contract.Items("changes").Select(change => $"{change.Text("number")} {change.Text("change")}: {(change.Text("outcome") is { Length: > 0 } outcome ? outcome : "open")}"))),
        Column.Of("proposals", contract => string.Join("; ", contract.Items("proposals").Select(act => $"{act.Text("number")} {act.Text("kind")}: {(act.Text("confirmedOn").Length > 0 ? "confirmed" : act.Text("droppedOn").Length > 0 ? "dropped" : "open")}"))),
        Column.Of("waits for a person", contract => string.Join(" ", contract.Items("waiting").Select(waiting => waiting.Text("en")))),
    ];

    private static readonly Column[] Coming =
    [
        Column.Text("DAY", "day"), Column.Text("WHAT", "kind"), Column.Text("PLAN", "plan"), Column.Text("ABOUT", "about"), Column.Text("DUE", "dueOn"), Column.Money("AMOUNT", "amount"),
    ];

    public static Command Build(Verbs verbs) => Verbs.Group("contract", "Contracts.",
        verbs.Show("show", "Shows what holds now.", "tenants/{tenant}/contract", Sheet),
        verbs.List("preview", "Shows what is coming: invoices, renewal, last days of notice.", "tenants/{tenant}/contract/preview", "entries", Coming, Field.Number("--users", "users", "as if so many users were counted")),
        verbs.Send("try", "Compares the next 24 months with those under another plan. Changes nothing.", "POST tenants/{tenant}/contract/preview",
        [
            Column.Text("plan now", "planNow"), Column.Text("plan then", "planThen"), Column.Text("restore points would go earlier", "retentionShortened"), Column.Text("earliest end now", "earliestEndNow"), Column.Text("earliest end then", "earliestEndThen"),
        ], Plan, Field.Day("--from", "from", "the first day of the other plan"), Overrides, Field.Flag("--new-term", "newTerm", "a new first term begins on that day")),
        verbs.List("journal", "Lists everything that was done to the contract.", "tenants/{tenant}/contract/journal", "entries",
            [Column.Number("NUMBER", "number"), Column.Time("AT", "at"), Column.Text("WHO", "who"), Column.Of("WHAT", entry => entry.At("event").ToString())]),
        verbs.List("plans", "Lists the plans that are sold.", "plans", "plans",
        [
            Column.Id("PLAN", "id"), Column.Text("VERSION", "version"), Column.Text("NAME", "en"), Column.Text("RETENTION", "retention"), Column.Text("TERM", "term"), Column.Text("NOTICE", "notice"), Column.Text("BILLING", "billing"),
        ]),
        verbs.Show("plan", "Shows a plan with everything that it says.", "plans/{plan}",
            [Column.Id("plan", "plan.id"), Column.Text("name", "plan.en"), Column.Text("retention", "plan.retention"), Column.Text("term", "plan.term"), Column.Text("notice", "plan.notice"), Column.Of("document", plan => plan.At("document").ToString())]),
        verbs.Send("make", "Makes the contract: keeps the plan as it is sold now, and applies it.", "POST tenants/{tenant}/contract", Sheet,
            Plan, Field.Day("--start", "start", "the first day"), Field.Reference, Overrides, Field.File("--prerequisites", "prerequisites", "file with what shows, by service that the plan requires, that the customer has it")),
        verbs.Send("agreement", "Registers the signed processing agreement, or without --signed that there is none.", "PUT tenants/{tenant}/contract/processing-agreement", Sheet,
            Field.DayIfAny("--signed", "signedOn", "the day it was signed"), Field.TextIfAny("--reference", "reference", "where it is found")),
        verbs.Send("terms", "Registers new conditions; the customer is told.", "POST tenants/{tenant}/contract/terms", Sheet,
            Field.Text("--version", "version", "their version"), Field.Day("--from", "from", "the day from which they apply"), Field.Text("--document", "document", "where the text is found")),
        verbs.Send("notice", "Registers the customer's notice. Nothing is deleted for it.", "POST tenants/{tenant}/contract/notice", Sheet, Field.By, Field.Reference, Field.DayIfAny("--on", "on", "the day it came in; without it, today")),
        verbs.Send("process-notice", "Processes the notice: the customer is told when that was and when the contract ends.", "POST tenants/{tenant}/contract/notice/process", Sheet),
        verbs.Send("withdraw-notice", "Withdraws the notice before it takes effect.", "POST tenants/{tenant}/contract/notice/withdraw", Sheet, Field.By, Field.Reference),
        verbs.Send("deletion", "Registers another day of destruction than the plan's, as agreed with the customer.", "PUT tenants/{tenant}/contract/deletion", Sheet, Field.Day("--on", "on", "the day"), Field.Reference),
        verbs.Send("secured", "Checks off that the customer has secured his data, or does not want it.", "POST tenants/{tenant}/contract/export", Sheet, Field.By, Field.Reference),
        verbs.Send("ask-change", "Registers a change that the customer asks for, with the last day on which it is in time.", "POST tenants/{tenant}/contract/changes", Sheet,
            Field.Word("--change", "change", "what kind", "add", "remove", "retention", "plan", "other"), Field.Text("--what", "what", "in his words"), Field.By, Field.DayIfAny("--on", "on", "the day he asked; without it, today")),
        verbs.Send("close-change", "Says what became of a change request; without --effective it is refused.", "POST tenants/{tenant}/contract/changes/{number}/close", Sheet,
            Field.DayIfAny("--effective", "effective", "from when it holds"), Field.Text("--outcome", "outcome", "what became of it"), Field.Number("--minutes", "minutes", "time spent, for the work orders")),
        verbs.Send("warn", "Warns the customer that the service may be suspended.", "POST tenants/{tenant}/contract/suspension/warn", Sheet, Field.Why),
        verbs.Send("call-off", "Takes the warning back.", "POST tenants/{tenant}/contract/suspension/call-off", Sheet, Field.Why),
        verbs.Send("freeze", "Decides whether old restore points expire while the service is suspended; without --until they do from now on.", "POST tenants/{tenant}/contract/suspension/freeze", Sheet,
            Field.DayIfAny("--until", "until", "nothing expires up to and with this day"), Field.Why),
        verbs.Send("lift", "Lifts the suspension; what is overdue catches up.", "POST tenants/{tenant}/contract/suspension/lift", Sheet, Field.Why),
        Consequences(verbs));

    /// <summary>What makes restore points unrecoverable: foreseen, proposed, confirmed by a second person.</summary>
    private static Command Consequences(Verbs verbs)
    {
        Field[] act =
        [
            Field.Word("--kind", "kind", "what is to happen", "settings", "suspend", "plan", "end"), Field.Why, Field.File("--settings", "settings", "with settings: file with what is to change"),
            Field.TextIfAny("--plan", "plan.plan", "with plan: the plan to move to", "PLAN"), Field.DayIfAny("--from", "plan.from", "with plan: its first day"), Field.TextIfAny("--reference", "plan.reference", "with plan: the written agreement"),
        ];
        return Verbs.Group("consequences", "What makes restore points unrecoverable. One person proposes it, the customer is told, and a second person confirms it.",
            verbs.Send("foresee", "Computes which restore points would become unrecoverable on which day. Does nothing and tells nobody.", "POST tenants/{tenant}/contract/consequences/foresee",
                [Column.Number("resources", "resources"), Column.Number("restore points", "points"), Column.Text("first loss", "firstLoss"), Column.Text("last loss", "lastLoss"), Column.Number("resources without new points", "stopped"), Column.Text("list", "hash")], act),
            verbs.Send("propose", "Proposes it: the list is kept and the customer's contacts are told. What makes nothing unrecoverable is done at once.", "POST tenants/{tenant}/contract/consequences", Sheet, act),
            verbs.Save("list", "Saves the list that was shown with a proposal, as CSV.", "tenants/{tenant}/contract/consequences/{act}"),
            verbs.Send("confirm", "Confirms a proposal of somebody else; then it is done.", "POST tenants/{tenant}/contract/consequences/{act}/confirm", Sheet),
            verbs.Send("drop", "Drops a proposal; nothing is done.", "POST tenants/{tenant}/contract/consequences/{act}/drop", Sheet, Field.Why));
    }
}
