using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansBackup.CommandLine.Http;
using OrleansBackup.CommandLine.Output;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>Attempts to back a resource up: asking for one, watching it, stopping it.</summary>
internal static class RunCommands
{
    private const string Newest = "newest";

    private static readonly Argument<string> Run = new("run") { Description = "id of a run; without it, the present or newest one", DefaultValueFactory = _ => Newest };
    private static readonly Option<bool> Compare = new("--compare-listing") { Description = "compare with an independent listing of everything before sealing" };

    public static Command Build(Verbs verbs) => Verbs.Group("run", "Backup runs.",
        verbs.Make("start", "Starts a run, unless one is going, and names the run to watch.", [Parts.Tenant, Parts.Resource, Compare, Parts.Watch], StartAsync),
        verbs.Make("list", "Lists the runs of a resource, newest first.", [Parts.Tenant, Parts.Resource, Parts.Limit], async (call, cancellation) =>
        {
            var (tenant, resource) = await call.ResourceAsync(cancellation);
            call.Print.List(await call.ListAsync(Address.OfResource(tenant, resource, "runs"), "runs", cancellation), "runs",
                Column.Time("STARTED", "startedAt"), Column.Time("ENDED", "endedAt"), Column.Text("OUTCOME", "outcome"), Column.Text("REASON", "reason"), Column.Number("NEW", "counts.added"), Column.Number("CHANGED", "counts.changed"),
                Column.Number("GONE", "counts.removed"), Column.Bytes("READ", "counts.downloadedBytes"), Column.Number("POINT", "sealedPoint"), Column.Text("ID", "id"), Column.Text("PROBLEM", "problem"));
        }),
        verbs.Make("watch", "Watches a run until it has ended. Ctrl-C stops the watching, not the run.", [Parts.Tenant, Parts.Resource, Run], async (call, cancellation) =>
        {
            var (tenant, resource) = await call.ResourceAsync(cancellation);
            return await WatchAsync(call, tenant, resource, call.Get(Run) is not Newest and var run ? run : await PresentAsync(call, tenant, resource, cancellation), cancellation);
        }),
        verbs.Make("cancel", "Stops the present run after what is under way; the next one goes on from there.", [Parts.Tenant, Parts.Resource], async (call, cancellation) =>
        {
            var (tenant, resource) = await call.ResourceAsync(cancellation);
            await call.Api.ChangeAsync(HttpMethod.Delete, Address.OfResource(tenant, resource, "runs", "current"), null, null, cancellation);
            call.Print.Note("The run was told to stop.");
        }));

    private static async Task<ExitCode> StartAsync(Call call, CancellationToken cancellation)
    {
        var (tenant, resource) = await call.ResourceAsync(cancellation);
        var started = await call.Api.PostAsync(Address.OfResource(tenant, resource, "runs"), new JsonObject { ["compareListing"] = call.Get(Compare) }, cancellation);
        if (call.Get(Parts.Watch))
            return await WatchAsync(call, tenant, resource, started.Text("id"), cancellation);
        call.Print.Sheet(started, Column.Text("run", "id"));
        return ExitCode.Done;
    }

    private static async Task<string> PresentAsync(Call call, string tenant, string resource, CancellationToken cancellation)
    {
        var runs = (await call.Api.GetAsync(Address.OfResource(tenant, resource, "runs").With(("limit", "1")), cancellation)).Items("runs");
        return runs.Count > 0 ? runs[0].Text("id") : throw new CommandFailedException(ExitCode.NotFound, "The resource had no run yet.", $"Start one: orleansbackup run start {tenant} {resource}");
    }

    private static async Task<ExitCode> WatchAsync(Call call, string tenant, string resource, string run, CancellationToken cancellation)
    {
        var end = await call.WatchAsync(Address.OfResource(tenant, resource, "runs", run, "events"), "run", $"orleansbackup run watch {tenant} {resource} {run}",
            state => new(state.Text("step"), state.Number("counts.added") + state.Number("counts.changed") + state.Number("counts.removed"), state.Number("itemsExpected")), cancellation);
        if (end is not { } ended)
            return ExitCode.Interrupted;
        if (!call.Print.IsJson)
            call.Print.Sheet(ended, Column.Text("outcome", "outcome"), Column.Time("ended", "endedAt"), Column.Number("restore point", "sealedPoint"), Column.Number("new", "counts.added"), Column.Number("changed", "counts.changed"),
                Column.Number("gone", "counts.removed"), Column.Number("failed", "counts.failed"), Column.Text("warnings", "warnings"), Column.Text("problem", "problem"));
        return EndOf(ended);
    }

    private static ExitCode EndOf(JsonElement run) => run.Text("outcome") switch
    {
        "succeeded" => ExitCode.Done,
        "succeededWithWarnings" => ExitCode.Partly,
        _ => ExitCode.Failed,
    };
}
