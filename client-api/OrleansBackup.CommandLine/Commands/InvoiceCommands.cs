using System.CommandLine;
using OrleansBackup.CommandLine.Http;
using OrleansBackup.CommandLine.Output;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>Invoices, and the usage that they rest on.</summary>
internal static class InvoiceCommands
{
    private static readonly Argument<string> Invoice = new("invoice") { Description = "number of an invoice" };
    private static readonly Option<string> Format = Parts.OneOf("--format", "form of the invoice", "html", "csv", "ubl");
    private static readonly Option<string?> Month = new("--month") { Description = "such as 2026-03; without it, the present month", HelpName = "MONTH" };

    private static readonly Column[] Listing =
    [
        Column.Id("NUMBER", "number"), Column.Text("MONTH", "month"), Column.Text("ISSUED", "issuedOn"), Column.Text("DUE", "dueOn"), Column.Money("OWED", "owed"), Column.Money("OPEN", "open"), Column.Text("CORRECTS", "corrects"),
    ];

    public static Command Build(Verbs verbs) => Verbs.Group("invoices", "Invoices and usage.",
        verbs.Make("list", "Lists the invoices of a customer, and what holds the next one up.", [Parts.Tenant, Parts.Limit], async (call, cancellation) =>
        {
            var answer = await call.ListAsync(Address.OfTenant(await call.TenantAsync(cancellation), "invoices"), "invoices", cancellation);
            call.Print.List(answer, "invoices", Listing);
            foreach (var held in answer.Items("held"))
                call.Print.Note($"held: {held.Text()}");
            if (answer.Text("problem") is { Length: > 0 } problem)
                call.Print.Note($"problem: {problem}");
        }),
        verbs.Make("show", "Shows an invoice as it was issued, in JSON: the document itself.", [Parts.Tenant, Invoice], async (call, cancellation) =>
            call.Print.Json(await call.Api.GetAsync(Address.OfTenant(await call.TenantAsync(cancellation), "invoices", call.Get(Invoice)), cancellation))),
        verbs.Make("download", "Saves an invoice as a page, a sheet, or UBL for bookkeeping.", [Parts.Tenant, Invoice, Format, Parts.Language, Parts.To, Parts.Force], async (call, cancellation) =>
        {
            var form = call.Get(Format) == "ubl" ? "ubl.xml" : call.Get(Format);
            await call.SaveAsync($"{Address.OfTenant(await call.TenantAsync(cancellation), "invoices", call.Get(Invoice))}.{form}".With(("language", call.Get(Parts.Language))), call.Get(Parts.To), cancellation);
        }),
        verbs.Make("issue", "Issues what is due of a customer now, instead of at its time.", [Parts.Tenant], async (call, cancellation) =>
            call.Print.List(await call.Api.PostAsync(Address.OfTenant(await call.TenantAsync(cancellation), "invoices", "run"), null, cancellation), "invoices", Listing)),
        verbs.Make("overdue", "Lists invoices of all customers that are not paid in time.", [Parts.Limit], async (call, cancellation) =>
            call.Print.List(await call.ListAsync("invoices/overdue", "invoices", cancellation), "invoices",
                Column.Text("NUMBER", "invoice.number"), Column.Text("CUSTOMER", "invoice.tenant"), Column.Text("DUE", "invoice.dueOn"), Column.Money("OPEN", "invoice.open"), Column.Number("DAYS LATE", "daysLate"), Column.Number("REMINDER", "reminder"))),
        verbs.Make("usage", "Shows what was counted, day by day.", [Parts.Tenant, Month], async (call, cancellation) =>
        {
            var answer = await call.Api.GetAsync(Address.OfTenant(await call.TenantAsync(cancellation), "usage").With(("month", call.Get(Month))), cancellation);
            call.Print.List(answer, "days", Column.Text("DAY", "day"), Column.Number("USERS", "count"), Column.Text("OBSERVED", "observed"));
        }));
}
