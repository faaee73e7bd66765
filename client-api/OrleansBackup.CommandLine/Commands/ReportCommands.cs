using System.CommandLine;
using System.Text.Json.Nodes;
using OrleansBackup.CommandLine.Http;
using OrleansBackup.CommandLine.Output;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>Monthly reports: each form of one comes from the same text.</summary>
internal static class ReportCommands
{
    private static readonly Option<string> Format = Parts.OneOf("--format", "form of the report", "html", "csv", "pdf");
    private static readonly Option<string> Who = new("--who") { Description = "who at the customer checked the list", HelpName = "NAME", Required = true };
    private static readonly Option<string?> Remarks = new("--remarks") { Description = "what they said of it", HelpName = "TEXT" };

    public static Command Build(Verbs verbs) => Verbs.Group("report", "Monthly reports to customers.",
        verbs.Make("list", "Lists the reports that are frozen.", [Parts.Tenant, Parts.Limit], async (call, cancellation) =>
            call.Print.List(await call.ListAsync(Address.OfTenant(await call.TenantAsync(cancellation), "reports"), "reports", cancellation), "reports",
                Column.Text("MONTH", "month"), Column.Time("MADE", "madeAt"), Column.Text("CONFIRMATION ASKED", "asksConfirmation"), Column.Text("CONFIRMED BY", "confirmation.who"), Column.Id("SHA-256", "sha256"))),
        verbs.Make("month", "Saves the report of a month. The present month is as it looks so far.", [Parts.Tenant, Parts.Month, Format, Parts.Language, Parts.To, Parts.Force], async (call, cancellation) =>
        {
            var report = Address.OfTenant(await call.TenantAsync(cancellation), "reports", call.Get(Parts.Month));
            if (call.Print.IsJson)
                call.Print.Json(await call.Api.GetAsync(report, cancellation));
            else
                await call.SaveAsync($"{report}.{call.Get(Format)}".With(("language", call.Get(Parts.Language))), call.Get(Parts.To), cancellation);
        }),
        verbs.Show("confirmation", "Says who at the customer checked the list of a month.", "tenants/{tenant}/reports/{month}/confirmation",
            [Column.Text("month", "month"), Column.Time("made", "madeAt"), Column.Text("confirmed by", "confirmation.who"), Column.Text("remarks", "confirmation.remarks")]),
        verbs.Make("confirm", "Keeps who at the customer checked the list of a month.", [Parts.Tenant, Parts.Month, Who, Remarks], async (call, cancellation) =>
            call.Print.Sheet(await call.Api.PostAsync(Address.OfTenant(await call.TenantAsync(cancellation), "reports", call.Get(Parts.Month), "confirmation"), new JsonObject { ["who"] = call.Get(Who), ["remarks"] = call.Get(Remarks) }, cancellation),
                Column.Text("month", "month"), Column.Text("confirmed by", "confirmation.who"))));
}
