using System.CommandLine;
using System.Text.Json.Nodes;
using OrleansBackup.CommandLine.Http;
using OrleansBackup.CommandLine.Output;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>Restore rehearsals and their evidence.</summary>
internal static class RehearsalCommands
{
    private static readonly Argument<string> Rehearsal = new("rehearsal") { Description = "name of a rehearsal, such as 2026-Q1" };
    private static readonly Option<int?> Minimum = Parts.Least("--minimum", "items to draw at least");

    private static readonly Column[] Sheet =
    [
        Column.Text("rehearsal", "name"), Column.Text("stage", "stage"), Column.Text("ordered by", "ordered.who"), Column.Text("because", "ordered.why"), Column.Number("drawn", "drawn"), Column.Number("the same", "same"), Column.Number("failed", "failed"),
        Column.Number("resources not reached", "unreached"), Column.Time("ended", "endedAt"), Column.Text("record", "recordHash"),
    ];

    public static Command Build(Verbs verbs) => Verbs.Group("rehearsals", "Restore rehearsals. Their exported records are verified without a server by 'vault rehearsal verify'.",
        verbs.Make("list", "Lists rehearsals.", [Parts.OfTenant, Parts.Limit], async (call, cancellation) =>
            call.Print.List(await call.ListAsync(await PathAsync(call, cancellation), "rehearsals", cancellation), "rehearsals",
                Column.Id("NAME", "name"), Column.Text("STAGE", "stage"), Column.Number("DRAWN", "drawn"), Column.Number("SAME", "same"), Column.Number("FAILED", "failed"), Column.Time("ENDED", "endedAt"), Column.Text("BY", "ordered.who"))),
        verbs.Make("show", "Shows a rehearsal. Ends with 1 when an item was not the same.", [Rehearsal, Parts.OfTenant], async (call, cancellation) =>
        {
            var rehearsal = await call.Api.GetAsync(await PathAsync(call, cancellation, call.Get(Rehearsal)), cancellation);
            call.Print.Sheet(rehearsal, Sheet);
            return rehearsal.Number("failed") > 0 ? ExitCode.Failed : ExitCode.Done;
        }),
        verbs.Make("start", "Orders a rehearsal.", [Parts.Why, Minimum, Parts.OfTenant], async (call, cancellation) =>
            call.Print.Sheet(await call.Api.PostAsync(await PathAsync(call, cancellation), new JsonObject { ["why"] = call.Get(Parts.Why), ["minimum"] = call.Get(Minimum) }, cancellation), Sheet)),
        verbs.Make("watch", "Watches a rehearsal until it has ended. Ctrl-C stops the watching, not the rehearsal. Ends with 1 when an item was not the same.", [Rehearsal, Parts.OfTenant], async (call, cancellation) =>
        {
            var end = await call.WatchAsync(await PathAsync(call, cancellation, call.Get(Rehearsal), "events"), "rehearsal", $"orleansbackup rehearsals watch {call.Get(Rehearsal)}",
                state => new(state.Text("stage"), state.Number("same") + state.Number("failed"), state.Number("drawn")), cancellation);
            if (end is not { } ended)
                return ExitCode.Interrupted;
            if (!call.Print.IsJson)
                call.Print.Sheet(ended, Sheet);
            return ended.Number("failed") > 0 ? ExitCode.Failed : ExitCode.Done;
        }),
        verbs.Make("record", "Saves the signed record of a rehearsal.", [Rehearsal, Parts.OfTenant, Parts.To, Parts.Force], async (call, cancellation) =>
            await call.SaveAsync(await PathAsync(call, cancellation, call.Get(Rehearsal), "record"), call.Get(Parts.To), cancellation)),
        verbs.Make("inventory", "Saves the list that the items of a rehearsal were drawn from.", [Rehearsal, Parts.OfTenant, Parts.To, Parts.Force], async (call, cancellation) =>
            await call.SaveAsync(await PathAsync(call, cancellation, call.Get(Rehearsal), "inventory"), call.Get(Parts.To), cancellation)));

    private static async Task<string> PathAsync(Call call, CancellationToken cancellation, params string[] parts) =>
        await call.OptionalTenantAsync(cancellation) is { } tenant ? Address.OfTenant(tenant, ["rehearsals", .. parts]) : Address.Of(["rehearsals", .. parts]);
}
