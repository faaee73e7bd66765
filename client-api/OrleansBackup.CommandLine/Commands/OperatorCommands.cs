using System.CommandLine;
using System.Text.Json;
using OrleansBackup.CommandLine.Output;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>The provider's own work over all customers: another key, beginning again without the database, incidents, and what is in the backup at all.</summary>
internal static class OperatorCommands
{
    private static readonly Column[] Job =
    [
        Column.Text("asked by", "asked.who"), Column.Text("because", "asked.why"), Column.Time("asked", "asked.at"), Column.Number("customers", "tenants"), Column.Of("done", job => $"{job.Items("done").Count}"), Column.Time("ended", "endedAt"),
        Column.Text("result", "result"), Column.Text("problems", "problems"),
    ];

    private static readonly Column[] Incident =
        [Column.Id("INCIDENT", "id"), Column.Text("KIND", "kind"), Column.Text("WHAT", "what.en"), Column.Time("FROM", "from"), Column.Time("UNTIL", "until"), Column.Text("REFERENCE", "reference"), Column.Text("BY", "declaredBy")];

    public static Command Service(Verbs verbs) => Verbs.Group("service", "The provider's own work over all customers.",
        verbs.Send("rotate-key", "Puts every customer's key under the provider's present key; no data is rewritten. Ask again to go on where one failed.", "POST /operations/key-rotations", Job, Field.Why),
        verbs.Show("rotation", "Says how far the newest rotation has come.", "/operations/key-rotations", Job),
        verbs.Watch("watch-rotation", "Watches the newest rotation until it has ended.", "/operations/key-rotations/latest/events", "rotation", Standing, Job, EndOf),
        verbs.Send("recover", "Rebuilds customers, resources and restore points from the stores and the key, when the database is lost.", "POST /operations/recoveries", Job, Field.Why),
        verbs.Show("recovery", "Says how far the newest recovery has come.", "/operations/recoveries", Job),
        verbs.Watch("watch-recovery", "Watches the newest recovery until it has ended.", "/operations/recoveries/latest/events", "recovery", Standing, Job, EndOf));

    public static Command Incidents(Verbs verbs)
    {
        Field[] declaration =
        [
            Field.Word("--kind", "kind", "what it is", "forceMajeure", "thirdParty", "microsoftIncident"), Field.Text("--nl", "what.nl", "what happened, in Dutch"), Field.Text("--en", "what.en", "the same in English"),
            Field.Text("--from", "from", "since when, such as 2026-03-14T09:00:00+01:00", "TIME"), Field.TextIfAny("--until", "until", "until when; without it, it goes on", "TIME"),
            Field.Several("--tenant-id", "tenants", "directory id of a customer that it concerns; without it, everybody", "GUID"), Field.TextIfAny("--reference", "reference", "where more stands: a ticket, a status page"),
        ];
        return Verbs.Group("incidents", "What failures are put down to: force majeure, a third party, or Microsoft as a whole.",
            verbs.List("list", "Lists incidents, newest first.", "incidents", "incidents", Incident, Field.Flag("--open", "open", "only those that go on")),
            verbs.Send("declare", "Declares one.", "POST incidents", Incident, declaration),
            verbs.Send("correct", "Puts right what was declared of one, now that more is known.", "PUT incidents/{incident}", Incident, declaration),
            verbs.Send("end", "Says when one was over.", "POST incidents/{incident}/end", Incident, Field.Text("--until", "until", "when it was over", "TIME")));
    }

    public static Command Coverage(Verbs verbs) => verbs.List("coverage", "Lists what is in the backup, how it comes back, and what Microsoft makes impossible.", "coverage", "lines",
        [Column.Text("KIND", "kind"), Column.Text("WHAT", "what"), Column.Text("KEPT", "kept"), Column.Text("COMES BACK", "comesBack"), Column.Text("NOTE", "note")]);

    public static Command WhoAmI(Verbs verbs) => verbs.Show("whoami", "Says who the server takes the key for, and what it may do.", "me",
        [Column.Text("name", "name"), Column.Text("person", "person"), Column.Text("roles", "roles"), Column.Of("customers", me => me.Items("tenants").Count > 0 ? me.Text("tenants") : "all"), Column.Text("may", "permissions")]);

    private static Standing Standing(JsonElement job) => new(job.Text("result") is { Length: > 0 } result ? result : "goes on", job.Items("done").Count, job.Number("tenants"));

    private static ExitCode EndOf(JsonElement job) => job.Items("problems").Count > 0 ? ExitCode.Partly : ExitCode.Done;
}
