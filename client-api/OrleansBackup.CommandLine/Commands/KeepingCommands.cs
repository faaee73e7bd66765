using System.CommandLine;
using OrleansBackup.CommandLine.Output;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>What the provider keeps for itself: its own documents with their terms, and the certificates with which the service signs in to a customer.</summary>
internal static class KeepingCommands
{
    private static readonly Column[] Certificate =
    [
        Column.Id("CERTIFICATE", "id"), Column.Id("THUMBPRINT", "thumbprint"), Column.Text("IN USE", "inUse"), Column.Time("ENDS", "notAfter"), Column.Number("DAYS LEFT", "daysLeft"), Column.Text("ORIGIN", "origin"), Column.Time("PROVEN", "provenAt"),
    ];

    public static Command Certificates(Verbs verbs)
    {
        var client = Field.TextIfAny("--client-id", "clientId", "the app registration; without it, the customer's", "GUID");
        return Verbs.Group("certificates", "Certificates with which the service signs in to a customer, instead of a secret.",
            verbs.List("list", "Lists them, oldest first.", "tenants/{tenant}/certificates", "certificates", Certificate),
            verbs.Show("show", "Describes one, never its private key.", "tenants/{tenant}/certificates/{certificate}", Certificate),
            verbs.Send("make", "Makes a key pair; the private key never leaves the service. To hand one over that was made elsewhere, give a file.", "POST tenants/{tenant}/certificates", Certificate,
                Field.Number("--days", "days", "how long it lives; without it, a year"), Field.FileText("--pem-file", "pem", "certificate and private key as PEM, readable by its owner only")),
            verbs.Save("save", "Saves the certificate as a .pem file, as the app registration takes it.", "tenants/{tenant}/certificates/{certificate}/file"),
            verbs.Send("check", "Signs in with one now and says which permissions the app has; changes nothing.", "POST tenants/{tenant}/certificates/{certificate}/checks",
                [Column.Of("missing", answer => string.Join(", ", answer.Items("permissions").Where(permission => !permission.IsTrue("granted")).Select(permission => permission.Text("name"))) is { Length: > 0 } missing ? missing : "nothing")], client),
            verbs.Send("use", "Signs in with one, and only if that works uses it from now on.", "POST tenants/{tenant}/certificates/{certificate}/uses", Certificate, client),
            verbs.Send("remove", "Forgets one and its private key; refused for the one in use.", "DELETE tenants/{tenant}/certificates/{certificate}", Certificate));
    }

    public static Command Documents(Verbs verbs) => Verbs.Group("documents", "The provider's own documents: how long they are kept, and what was deleted after its term.",
        verbs.Show("show", "Says how long invoices, payments, ended contracts, deletion records and audit books are kept, and what holds them.", "documents",
        [
            Column.Number("years", "years"), Column.Text("kept from", "keptFrom"), Column.Text("done on", "doneOn"), Column.Of("holds", keeping => string.Join("; ", keeping.Items("holds").Select(hold => $"{hold.Text("id")} {hold.Text("tenant")}: {hold.Text("why")}"))),
            Column.Text("deletions", "deletions"), Column.Number("deleted", "deleted"), Column.Number("held", "held"), Column.Text("problem", "problem"),
        ]),
        verbs.Save("deletion", "Saves the evidence of one deletion: each document with its hash.", "documents/deletions/{date}/{deletion}"),
        verbs.Send("hold", "Keeps documents beyond their term, until the hold is lifted.", "POST documents/holds", [Column.Id("hold", "id"), Column.Text("of", "tenant"), Column.Text("why", "why")],
            Field.Why, Field.TextIfAny("--tenant-id", "tenant", "directory id of the customer whose they are; without it, everybody's", "GUID")),
        verbs.Send("lift-hold", "Lifts a hold on documents; what is over its term goes with the next day's work.", "DELETE documents/holds/{hold}", []));
}
