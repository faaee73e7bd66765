using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansBackup.CommandLine.Http;
using OrleansBackup.CommandLine.Output;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>Whether what is stored is whole. Exported records and a store without a server are the work of the program 'vault'.</summary>
internal static class VerifyCommands
{
    private static readonly Option<bool> EveryByte = new("--every-byte") { Description = "read all content, not the structure only" };

    public static Command Build(Verbs verbs) => Verbs.Group("verify", "Whether what is stored is whole. Exported records and a store without its server are verified by the program 'vault'.",
        verbs.Make("vault", "Checks the stored data of a resource. Ends with 1 when something is wrong.", [Parts.Tenant, Parts.Resource, EveryByte], async (call, cancellation) =>
        {
            var (tenant, resource) = await call.ResourceAsync(cancellation);
            var check = await call.Api.PostAsync(Address.OfResource(tenant, resource, "checks"), new JsonObject { ["everyByte"] = call.Get(EveryByte) }, cancellation);
            call.Print.Sheet(check, Column.Text("every byte", "everyByte"), Column.Number("objects read", "objectsRead"), Column.Bytes("read", "bytesRead"),
                Column.Of("result", whole => whole.Items("findings").Count == 0 ? "whole" : string.Join("; ", whole.Items("findings").Select(finding => finding.Text()))));
            return check.Items("findings").Count == 0 ? ExitCode.Done : ExitCode.Failed;
        }),
        verbs.Make("audit", "Checks that each entry of the audit record names the one before it, from the newest to the first. Signatures are verified on an export, by 'vault audit verify'.", [Parts.OfTenant], async (call, cancellation) =>
        {
            var entries = (await call.Api.AllAsync(await AuditCommands.PathAsync(call, cancellation), "entries", null, cancellation)).Items("entries");
            var broken = BreakIn([.. entries.OrderBy(entry => entry.Number("sequence"))]);
            var answer = new JsonObject { ["entries"] = entries.Count, ["newest"] = entries.Count > 0 ? entries.Max(entry => entry.Number("sequence")) : null, ["broken"] = broken };
            call.Print.Sheet(JsonSerializer.SerializeToElement(answer), Column.Number("entries", "entries"), Column.Of("result", _ => broken ?? "an unbroken chain"));
            return broken is null ? ExitCode.Done : ExitCode.Failed;
        }));

    /// <param name="entries">Oldest first.</param>
    /// <returns>What is wrong at the first place where something is; null: nothing.</returns>
    internal static string? BreakIn(IReadOnlyList<JsonElement> entries)
    {
        for (var i = 1; i < entries.Count; i++)
        {
            var (earlier, later) = (entries[i - 1], entries[i]);
            if (later.Number("sequence") != earlier.Number("sequence") + 1)
                return $"After entry {earlier.Number("sequence")} comes {later.Number("sequence")}: entries are missing, or there twice.";
            if (later.Text("previous") != earlier.Text("hash"))
                return $"Entry {later.Number("sequence")} does not name entry {earlier.Number("sequence")} as the one before it: one of them was changed.";
        }
        return entries is [var first, ..] && first.Number("sequence") > 1 ? $"The record begins with entry {first.Number("sequence")}: earlier ones are missing." : null;
    }
}
