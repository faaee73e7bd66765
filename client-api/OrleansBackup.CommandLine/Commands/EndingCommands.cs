using System.CommandLine;
using OrleansBackup.CommandLine.Output;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>What takes something away for ever, and what a customer takes along: erasures, destruction, exports, and what waits for a second person.</summary>
internal static class EndingCommands
{
    private static readonly Field Confirmation = Field.Text("--confirmation", "confirmation", "in words: 'erase for ever', or 'destroy' and the directory id");

    private static readonly Column[] Search =
    [
        Column.Id("SEARCH", "id"), Column.Text("STAGE", "stage"), Column.Text("ADDRESS", "address"), Column.Text("WHO", "who"), Column.Text("WHY", "why"), Column.Time("ASKED", "askedAt"), Column.Number("RESOURCES", "resources"), Column.Number("SEARCHED", "searched"),
        Column.Of("OWN", search => string.Join(", ", search.Items("own").Select(own => own.Text("resource")))), Column.Number("ITEMS", "items"), Column.Id("LIST", "list"), Column.Text("PROBLEM", "problem"), Column.Text("ERASED BY", "erasedBy"),
        Column.Of("DONE", search => string.Join("; ", search.Items("done").Select(done => $"{done.Text("resource")}: {done.Text("items")} items in {done.Text("points")} points{(done.Text("problem") is { Length: > 0 } problem ? $", {problem}" : "")}"))),
        Column.Time("ENDED", "endedAt"),
    ];

    private static readonly Column[] Export =
    [
        Column.Id("EXPORT", "id"), Column.Text("STATE", "state"), Column.Text("DAY", "day"), Column.Text("WHO", "who"), Column.Time("ASKED", "askedAt"), Column.Time("ENDED", "endedAt"), Column.Number("RESOURCES", "resources"),
        Column.Of("DONE", export => $"{export.Items("done").Count}"), Column.Text("PROBLEM", "problem"), Column.Text("MANIFEST", "manifest"),
    ];

    private static readonly Column[] Destruction =
    [
        Column.Text("state", "state"), Column.Text("ordered by", "ordered.who"), Column.Text("because", "ordered.why"), Column.Text("step", "step"), Column.Number("objects", "objects"), Column.Bytes("size", "bytes"), Column.Number("left", "objectsLeft"),
        Column.Text("kept until", "keptUntil"), Column.Time("ended", "endedAt"), Column.Text("has a record", "hasRecord"), Column.Text("problem", "problem"),
    ];

    public static Command Erasures(Verbs verbs) => Verbs.Group("erasure", "Taking a person's data out of restore points, where the law demands it.",
        verbs.Send("search", "Looks through every restore point for one person. Nothing is erased.", "POST tenants/{tenant}/erasure-searches", Search, Field.Text("--address", "address", "the person's e-mail address", "ADDRESS"), Field.Why),
        verbs.List("list", "Lists searches, newest first.", "tenants/{tenant}/erasure-searches", "searches", Search),
        verbs.Show("show", "Says how a search stands, and what was erased.", "tenants/{tenant}/erasure-searches/{search}", Search),
        verbs.List("items", "Lists what a search found.", "tenants/{tenant}/erasure-searches/{search}/items", "items",
            [Column.Text("RESOURCE", "resource"), Column.Text("KIND", "kind"), Column.Text("NAME OR SUBJECT", "name"), Column.Text("FROM", "from"), Column.Time("TIME", "time"), Column.Text("PLACES", "places"), Column.Text("ID", "id")]),
        verbs.SendBySecondPerson("person", "Erases what was chosen of a search's list, for ever.", "tenants/{tenant}/erasure-searches/{search}/erasure", Search,
            Field.Text("--list", "list", "hash of the list that was looked at", "HASH"), Field.Flag("--all-found", "allFound", "every item of the list"), Field.Several("--whole", "whole", "a resource of the person's own that goes whole", "RESOURCE"),
            Field.File("--items", "items", "file with the items to erase, by resource"), Field.File("--except", "except", "file with items that stay, of all"), Field.Why, Confirmation),
        verbs.Send("drop", "Drops the list of a search that nobody wants to act on.", "DELETE tenants/{tenant}/erasure-searches/{search}", Search),
        verbs.SendBySecondPerson("resource", "Erases items, or everything, from every restore point of one resource, for ever.", "tenants/{tenant}/resources/{resource}/erasures",
            [Column.Id("erasure", "id"), Column.Number("items", "items"), Column.Number("points made again", "points"), Column.Time("last bytes gone after", "goneAfter")],
            Field.Several("--item", "itemIds", "an item", "ID"), Field.Flag("--everything", "everything", "all restore points of the resource"), Field.Why, Confirmation));

    public static Command Proposals(Verbs verbs) => Verbs.Group("proposals", "What one person wants destroyed and a second has to confirm.",
        verbs.List("list", "Lists them, newest first.", "tenants/{tenant}/proposals", "proposals",
            [Column.Id("PROPOSAL", "id"), Column.Text("ACT", "act"), Column.Text("BY", "by"), Column.Time("AT", "at"), Column.Time("LAPSES", "lapsesAt"), Column.Of("ASKED", proposal => proposal.At("asked").ToString())]),
        verbs.Send("drop", "Drops one; nothing is done.", "DELETE tenants/{tenant}/proposals/{proposal}", []));

    public static Command Destroying(Verbs verbs) => Verbs.Group("destruction", "The end of a customer: key and backups destroyed, with a signed record.",
        verbs.SendBySecondPerson("order", "Destroys a customer's key and backups for ever. A legal hold refuses it.", "tenants/{tenant}/destruction", Destruction, Field.Why, Confirmation),
        verbs.Show("show", "Says how far it has come.", "tenants/{tenant}/destruction", Destruction),
        verbs.Watch("watch", "Watches it until it has ended.", "tenants/{tenant}/destruction/events", "destruction", job => new(job.Text("step"), job.Number("objects") - job.Number("objectsLeft"), job.Number("objects")), Destruction, JobWatching.EndOf),
        verbs.Save("record", "Saves the signed deletion record. 'vault deletion verify' checks it without a server.", "tenants/{tenant}/deletion-record"),
        verbs.Save("key", "Saves the public key with which records can be verified, for customers to keep.", "deletion-key"));

    public static Command Exports(Verbs verbs) => Verbs.Group("exports", "Everything of a customer in open files, with a signed list of hashes.",
        verbs.Send("start", "Begins an export of all resources as they were on a day.", "POST tenants/{tenant}/exports", Export, Field.Why, Field.DayIfAny("--day", "day", "as of this day; without it, the newest there is"), Field.TextIfAny("--by", "by", "e-mail address of the contact who asked", "ADDRESS")),
        verbs.List("list", "Lists exports, newest first.", "tenants/{tenant}/exports", "exports", Export),
        verbs.Show("show", "Says how an export stands.", "tenants/{tenant}/exports/{export}",
            [.. Export, Column.Of("FILES", export => string.Join(", ", export.Items("done").Select(done => done.Text("file"))))]),
        verbs.Watch("watch", "Watches an export until it has ended.", "tenants/{tenant}/exports/{export}/events", "export", job => new(job.Text("state"), job.Items("done").Count, job.Number("resources")), Export, JobWatching.EndOf),
        verbs.Save("save", "Saves one file of an export that has ended: an archive, manifest.txt, manifest.sig or provider.pem.", "tenants/{tenant}/exports/{export}/files/{file}"),
        verbs.Send("delete", "Deletes the files of an export once the customer has them: they are not encrypted.", "DELETE tenants/{tenant}/exports/{export}", Export));
}
