using System.CommandLine;
using OrleansBackup.CommandLine.Http;
using OrleansBackup.CommandLine.Output;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>A customer's contract: what holds, what will come, what was said.</summary>
internal static class ContractCommands
{
    private static readonly Option<int?> Users = Parts.Least("--users", "as if so many users were counted");

    public static Command Build(Verbs verbs) => Verbs.Group("contract", "Contracts.",
        verbs.Make("show", "Shows what holds now.", [Parts.Tenant], async (call, cancellation) =>
            call.Print.Sheet(await call.Api.GetAsync(Address.OfTenant(await call.TenantAsync(cancellation), "contract"), cancellation),
                Column.Text("plan", "plan"), Column.Text("version", "planVersion"), Column.Text("reference", "reference"), Column.Text("terms", "termsVersion"), Column.Text("from", "start"), Column.Text("until", "end"),
                Column.Text("present term from", "termFrom"), Column.Text("present term until", "termUntil"), Column.Text("renewal", "renewal"), Column.Text("last day of notice", "lastNoticeDay"), Column.Text("end if notice today", "endIfNoticeToday"),
                Column.Text("notice received", "notice.receivedOn"), Column.Text("suspended since", "suspension.since"), Column.Text("destruction on", "destructionOn"), Column.Text("problems", "problems"))),
        verbs.Make("preview", "Shows what is coming: invoices, renewal, last days of notice.", [Parts.Tenant, Users], async (call, cancellation) =>
            call.Print.List(await call.Api.GetAsync(Address.OfTenant(await call.TenantAsync(cancellation), "contract", "preview").With(("users", call.Get(Users)?.ToString(System.Globalization.CultureInfo.InvariantCulture))), cancellation), "entries",
                Column.Text("DAY", "day"), Column.Text("WHAT", "kind"), Column.Text("PLAN", "plan"), Column.Text("ABOUT", "about"), Column.Text("DUE", "dueOn"), Column.Money("AMOUNT", "amount"))),
        verbs.Make("journal", "Lists everything that was done to the contract.", [Parts.Tenant, Parts.Limit], async (call, cancellation) =>
            call.Print.List(await call.ListAsync(Address.OfTenant(await call.TenantAsync(cancellation), "contract", "journal"), "entries", cancellation), "entries",
                Column.Number("NUMBER", "number"), Column.Time("AT", "at"), Column.Text("WHO", "who"), Column.Of("WHAT", entry => entry.At("event").ToString()))),
        verbs.Make("plans", "Lists the plans that are sold.", [Parts.Limit], async (call, cancellation) =>
            call.Print.List(await call.ListAsync("plans", "plans", cancellation), "plans",
                Column.Id("PLAN", "id"), Column.Text("VERSION", "version"), Column.Text("NAME", "en"), Column.Text("RETENTION", "retention"), Column.Text("TERM", "term"), Column.Text("NOTICE", "notice"), Column.Text("BILLING", "billing"))));
}
