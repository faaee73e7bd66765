using System.CommandLine;
using OrleansBackup.CommandLine.Http;
using OrleansBackup.CommandLine.Output;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>Mailboxes, drives, sites and teams of a customer, and what each waits for.</summary>
internal static class ResourceCommands
{
    public static Command Build(Verbs verbs) => Verbs.Group("resources", "Mailboxes, drives, sites and teams of a customer.",
        verbs.Make("list", "Lists every resource ever seen, protected or not.", [Parts.Tenant, Parts.Limit], async (call, cancellation) =>
            call.Print.List(await call.ListAsync(Address.OfTenant(await call.TenantAsync(cancellation), "resources"), "resources", cancellation), "resources",
                Column.Text("NAME", "displayName"), Column.Text("ADDRESS", "address"), Column.Text("KIND", "kind"), Column.Of("BACKUP", resource => resource.IsTrue("protected") ? "protected" : "not protected"),
                Column.Text("LAST RUN", "health.lastOutcome"), Column.Time("LAST GOOD", "health.lastGoodStart"), Column.Number("POINTS", "health.restorePoints"), Column.Text("ID", "id"))),
        verbs.Make("show", "Says how a resource stands.", [Parts.Tenant, Parts.Resource], async (call, cancellation) =>
        {
            var (tenant, resource) = await call.ResourceAsync(cancellation);
            call.Print.Sheet(await call.Api.GetAsync(Address.OfResource(tenant, resource), cancellation),
                Column.Text("name", "displayName"), Column.Text("address", "address"), Column.Text("id", "id"), Column.Text("purpose", "purpose"), Column.Text("protected", "protected"), Column.Text("because", "reason"),
                Column.Text("last run", "health.lastOutcome"), Column.Time("last good run", "health.lastGoodStart"), Column.Time("next run", "health.nextMoment"), Column.Number("restore points", "health.restorePoints"),
                Column.Number("items", "health.items"), Column.Bytes("size", "health.logicalBytes"), Column.Number("items owed", "health.debts"), Column.Text("waits for", "status.waiting.for"), Column.Time("until", "status.waiting.until"),
                Column.Text("run now", "status.currentRun.id"), Column.Text("problem", "health.problem"), Column.Time("last restored", "restorability.lastRestoreAt"), Column.Time("last rehearsed", "restorability.lastRehearsedAt"));
        }),
        verbs.Make("why", "Says in plain words what a resource waits for, or why it is not protected.", [Parts.Tenant, Parts.Resource, Parts.Language], async (call, cancellation) =>
        {
            var (tenant, resource) = await call.ResourceAsync(cancellation);
            call.Print.Sheet(await call.Api.GetAsync(Address.OfResource(tenant, resource, "why").With(("language", call.Get(Parts.Language))), cancellation),
                Column.Text("waits for", "for"), Column.Time("since", "since"), Column.Time("until", "until"));
        }),
        verbs.List("restorability", "Says of each resource what share of its bytes was read again lately, and when something of it last was restored.", "tenants/{tenant}/restorability", "resources",
            [Column.Text("NAME", "displayName"), Column.Text("SHARE", "restorability.share"), Column.Number("DAMAGED", "restorability.damaged"), Column.Time("LAST RESTORED", "restorability.lastRestoreAt"), Column.Time("LAST REHEARSED", "restorability.lastRehearsedAt"), Column.Text("ID", "resource")]),
        verbs.Make("debts", "Lists items that Microsoft 365 has not handed over and each run asks for again.", [Parts.Tenant, Parts.Resource, Parts.Limit], async (call, cancellation) =>
        {
            var (tenant, resource) = await call.ResourceAsync(cancellation);
            call.Print.List(await call.ListAsync(Address.OfResource(tenant, resource, "debts"), "debts", cancellation), "debts",
                Column.Text("SUBJECT", "subject"), Column.Time("SINCE", "since"), Column.Number("ATTEMPTS", "attempts"), Column.Text("ERROR", "error"));
        }));
}
