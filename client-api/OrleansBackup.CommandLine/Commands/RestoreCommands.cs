using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansBackup.CommandLine.Http;
using OrleansBackup.CommandLine.Output;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>Putting back: from a selection to a job that has ended, and what became of each item.</summary>
internal static class RestoreCommands
{
    private static readonly Argument<string> Job = new("job") { Description = "id of a restore job" };
    private static readonly Option<string> FromResource = new("--resource") { Description = "whose restore point", HelpName = "RESOURCE", Required = true };
    private static readonly Option<string> FromPoint = new("--point") { Description = "number, day or latest", HelpName = "POINT", Required = true };
    private static readonly Option<bool> Everything = new("--everything") { Description = "all of the restore point" };
    private static readonly Option<string[]> Folders = Parts.Several("--folder", "a folder with all below it, by id or path; may be repeated", "FOLDER");
    private static readonly Option<string[]> Items = Parts.Several("--item", "an item; may be repeated", "ID");
    private static readonly Option<string?> Selection = new("--selection") { Description = "file with ids of items, one a line, or what 'points search --json' printed; - is standard input", HelpName = "FILE" };
    private static readonly Option<string> Conflict = Parts.OneOf("--conflict", "what to do with an item that is still there", "skip", "copy", "overwrite");
    private static readonly Option<string?> ToResource = new("--to-resource") { Description = "put it into another resource", HelpName = "RESOURCE" };
    private static readonly Option<string[]> ToFolder = Parts.Several("--to-folder", "put it under this folder, made if absent; repeated, each is within the one before", "NAME");
    private static readonly Option<string?> ToContainer = new("--to-container") { Description = "library or list of a site, or channel of a team, to put it into", HelpName = "ID" };
    private static readonly Option<bool> Permissions = new("--permissions") { Description = "put sharing permissions back too" };
    private static readonly Option<bool> RemoveNewer = new("--remove-newer") { Description = "move what was not there then to the recycle bin (drives)" };

    private static readonly Option<string?> Outcome = Parts.OneOfOrAll("--outcome", "only what ended like this", "restored", "skipped", "failed");

    /// <summary>What names a restore, for whoever asks for one.</summary>
    internal static readonly Symbol[] Request = [Parts.Tenant, FromResource, FromPoint, Everything, Folders, Items, Selection, Conflict, ToResource, ToFolder, ToContainer, Permissions, RemoveNewer];

    private static readonly Column[] Sheet =
    [
        Column.Text("job", "id"), Column.Text("state", "state"), Column.Number("asked", "asked"), Column.Number("restored", "restored"), Column.Number("skipped", "skipped"), Column.Number("failed", "failed"),
        Column.Number("with losses", "withLosses"), Column.Time("received", "receivedAt"), Column.Time("ended", "endedAt"), Column.Text("step", "step"), Column.Text("problem", "problem"),
    ];

    public static Command Build(Verbs verbs) => Verbs.Group("restore", "Restores.",
        verbs.Make("preview", "Says what a restore would put back, and what of it would not be as it was. Nothing is started.", Request, PreviewAsync),
        verbs.Make("start", "Starts a restore and names its job.", [.. Request, Parts.Watch], StartAsync),
        verbs.Make("list", "Lists restore jobs, newest first.", [Parts.Tenant, Parts.Limit], async (call, cancellation) =>
            call.Print.List(await call.ListAsync(Address.OfTenant(await call.TenantAsync(cancellation), "restores"), "restores", cancellation), "restores",
                Column.Time("RECEIVED", "receivedAt"), Column.Text("STATE", "state"), Column.Number("ASKED", "asked"), Column.Number("RESTORED", "restored"), Column.Number("SKIPPED", "skipped"), Column.Number("FAILED", "failed"),
                Column.Text("BY", "request.requestedBy"), Column.Text("RESOURCE", "request.resource"), Column.Text("JOB", "id"))),
        verbs.Make("show", "Says how a restore job stands.", [Parts.Tenant, Job], async (call, cancellation) =>
            call.Print.Sheet(await call.Api.GetAsync(Address.OfTenant(await call.TenantAsync(cancellation), "restores", call.Get(Job)), cancellation), Sheet)),
        verbs.Make("watch", "Watches a restore job until it has ended. Ctrl-C stops the watching, not the job.", [Parts.Tenant, Job], async (call, cancellation) =>
            await WatchAsync(call, await call.TenantAsync(cancellation), call.Get(Job), cancellation)),
        verbs.Make("outcomes", "Says what became of each item.", [Parts.Tenant, Job, Outcome, Parts.Limit], OutcomesAsync),
        verbs.Make("cancel", "Stops a restore job after the items that are under way; what is restored stays.", [Parts.Tenant, Job], async (call, cancellation) =>
        {
            await call.Api.ChangeAsync(HttpMethod.Delete, Address.OfTenant(await call.TenantAsync(cancellation), "restores", call.Get(Job)), null, null, cancellation);
            call.Print.Note("The job was told to stop.");
        }));

    private static async Task PreviewAsync(Call call, CancellationToken cancellation)
    {
        var tenant = await call.TenantAsync(cancellation);
        var answer = await call.Api.PostAsync(Address.OfTenant(tenant, "restores", "preview"), await BodyAsync(call, tenant, cancellation), cancellation);
        call.Print.List(answer, "kinds", Column.Text("KIND", "kind"), Column.Number("ITEMS", "items"), Column.Bytes("SIZE", "bytes"));
        if (call.Print.IsJson)
            return;
        if (answer.Number("neverHandedOver") is > 0 and var never)
            call.Print.Say($"{never:N0} items were never handed over by Microsoft 365 and would fail.");
        if (answer.Items("losses") is { Count: > 0 } losses)
        {
            call.Print.Heading("Would not be as it was");
            call.Print.Table(losses, Column.Text("WHAT", "kind"), Column.Number("ITEMS", "items"), Column.Text("EXAMPLES", "examples"));
        }
    }

    private static async Task<ExitCode> StartAsync(Call call, CancellationToken cancellation)
    {
        var tenant = await call.TenantAsync(cancellation);
        var started = await call.Api.PostAsync(Address.OfTenant(tenant, "restores"), await BodyAsync(call, tenant, cancellation), cancellation);
        if (call.Get(Parts.Watch))
            return await WatchAsync(call, tenant, started.Text("id"), cancellation);
        call.Print.Sheet(started, Column.Text("job", "id"));
        return ExitCode.Done;
    }

    internal static async Task<JsonObject> BodyAsync(Call call, string tenant, CancellationToken cancellation)
    {
        var items = call.Get(Items)!.Concat(call.Get(Selection) is { } file ? ItemsIn(await call.TextOfAsync(file, cancellation)) : []).Distinct().ToArray();
        if (call.Get(Everything) == (items.Length + call.Get(Folders)!.Length > 0))
            throw CommandFailedException.Wrong("Say what to restore: --everything, or --folder, --item and --selection.");
        var (resource, point) = (await Names.ResourceAsync(call.Api, tenant, call.Get(FromResource)!, cancellation), call.Get(FromPoint)!);
        var folders = new List<string>();
        foreach (var named in call.Get(Folders)!)
            folders.Add(await Names.FolderAsync(call.Api, tenant, resource, point, named, cancellation));
        var body = new JsonObject
        {
            ["resource"] = resource,
            ["point"] = point,
            ["selection"] = call.Get(Everything) ? new JsonObject { ["everything"] = true } : new JsonObject { ["folderIds"] = Array(folders), ["itemIds"] = Array(items) },
            ["conflict"] = call.Get(Conflict),
            ["permissions"] = call.Get(Permissions),
            ["removeNewer"] = call.Get(RemoveNewer),
        };
        if (call.Get(ToResource) is not null || call.Get(ToFolder)!.Length > 0 || call.Get(ToContainer) is not null)
            body["target"] = new JsonObject
            {
                ["resource"] = call.Get(ToResource) is { } other ? await Names.ResourceAsync(call.Api, tenant, other, cancellation) : null,
                ["folder"] = Array(call.Get(ToFolder)!),
                ["container"] = call.Get(ToContainer),
            };
        return body;
    }

    /// <summary>Ids a line each, or the events of a search a line each.</summary>
    private static IEnumerable<string> ItemsIn(string text)
    {
        foreach (var line in text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0))
        {
            if (line[0] != '{')
                yield return line;
            else if (Found(line) is { Length: > 0 } id)
                yield return id;
        }
    }

    private static string Found(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.Text("data.item.id");
        }
        catch (JsonException)
        {
            throw CommandFailedException.Wrong("The selection holds a line that is neither an id nor an event of 'points search --json'.");
        }
    }

    private static JsonArray Array(IEnumerable<string> values) => new([.. values.Select(value => JsonValue.Create(value))]);

    private static async Task<ExitCode> WatchAsync(Call call, string tenant, string job, CancellationToken cancellation)
    {
        var end = await call.WatchAsync(Address.OfTenant(tenant, "restores", job, "events"), "restore", $"orleansbackup restore watch {tenant} {job}",
            state => new(state.Text("step"), state.Number("restored") + state.Number("skipped") + state.Number("failed"), state.Number("asked")), cancellation);
        if (end is not { } ended)
            return ExitCode.Interrupted;
        if (!call.Print.IsJson)
            call.Print.Sheet(ended, Sheet);
        return ended.Text("state") switch
        {
            "completed" => ExitCode.Done,
            "completedWithFailures" => ExitCode.Partly,
            _ => ExitCode.Failed,
        };
    }

    private static async Task OutcomesAsync(Call call, CancellationToken cancellation)
    {
        var outcomes = await call.ListAsync(Address.OfTenant(await call.TenantAsync(cancellation), "restores", call.Get(Job), "outcomes").With(("outcome", call.Get(Outcome))), "outcomes", cancellation);
        call.Print.List(outcomes, "outcomes",
            Column.Text("OUTCOME", "kind"), Column.Text("NAME OR SUBJECT", "subject"), Column.Text("REASON", "reason"), Column.Of("LOSSES", outcome => string.Join("; ", outcome.Items("losses").Select(loss => loss.Text("text")))), Column.Text("ID", "itemId"));
    }
}
