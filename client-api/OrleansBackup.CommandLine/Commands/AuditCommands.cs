using System.CommandLine;
using OrleansBackup.CommandLine.Http;
using OrleansBackup.CommandLine.Output;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>The audit record of the provider or of one customer.</summary>
internal static class AuditCommands
{
    public static Command Build(Verbs verbs) => Verbs.Group("audit", "The audit record. 'vault audit verify' checks an exported one without a server; 'verify audit' checks the chain of a running one.",
        verbs.Make("list", "Lists entries, newest first.", [Parts.OfTenant, Parts.Limit], async (call, cancellation) =>
            call.Print.List(await call.ListAsync(await PathAsync(call, cancellation), "entries", cancellation), "entries",
                Column.Number("NUMBER", "sequence"), Column.Time("AT", "at"), Column.Text("WHO", "actor"), Column.Text("ACT", "act"), Column.Text("SUBJECT", "subject"), Column.Of("FACTS", entry => entry.At("facts").ToString()))),
        verbs.Make("export", "Saves the signed record for keeping.", [Parts.OfTenant, Parts.To, Parts.Force], async (call, cancellation) =>
            await call.SaveAsync($"{await PathAsync(call, cancellation)}/export", call.Get(Parts.To), cancellation)));

    internal static async Task<string> PathAsync(Call call, CancellationToken cancellation) =>
        await call.OptionalTenantAsync(cancellation) is { } tenant ? Address.OfTenant(tenant, "audit") : "audit";
}
