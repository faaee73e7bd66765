using System.CommandLine;
using System.Text.Json;
using OrleansBackup.CommandLine.Http;
using OrleansBackup.CommandLine.Output;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>Restore points, and looking round in them as they were.</summary>
internal static class PointCommands
{
    private static readonly Argument<string> Then = new("then") { Description = "the earlier restore point: number, day or latest" };
    private static readonly Argument<string> Now = new("now") { Description = "the later one" };
    private static readonly Option<string?> Change = new("--change") { Description = "only what was added, changed or removed", HelpName = "CHANGE" };
    private static readonly Argument<string[]> Words = new("words") { Description = "words in subject, sender, and names of files and attachments", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<string?> InResource = new("--resource") { Description = "search one resource only", HelpName = "RESOURCE" };
    private static readonly Option<string?> AtPoint = new("--point") { Description = "and at this restore point (default: latest)", HelpName = "POINT" };
    private static readonly Option<string?> Day = new("--day") { Description = "search everything as it was on this day", HelpName = "DAY" };
    private static readonly Option<string?> From = new("--from") { Description = "received or changed at or after this time, such as 2026-03-01T00:00:00Z", HelpName = "TIME" };
    private static readonly Option<string?> Until = new("--until") { Description = "and before this one", HelpName = "TIME" };

    private static readonly Column[] Items =
    [
        Column.Time("TIME", "received"), Column.Text("KIND", "kind"), Column.Text("NAME OR SUBJECT", "subject"), Column.Text("FROM", "from"), Column.Bytes("SIZE", "size"), Column.Text("ID", "id"),
    ];

    public static Command Build(Verbs verbs)
    {
        Change.AcceptOnlyFromAmong("added", "changed", "removed");
        var group = Verbs.Group("points", "Restore points, and what is in them.",
            verbs.Make("list", "Lists the restore points of a resource, newest first.", [Parts.Tenant, Parts.Resource, Parts.Limit], async (call, cancellation) =>
            {
                var (tenant, resource) = await call.ResourceAsync(cancellation);
                call.Print.List(await call.ListAsync(Address.OfResource(tenant, resource, "points"), "points", cancellation), "points",
                    Column.Number("POINT", "sequence"), Column.Text("DAY", "day"), Column.Time("SEALED", "sealedAt"), Column.Number("ITEMS", "items"), Column.Number("FOLDERS", "folders"), Column.Bytes("SIZE", "logicalBytes"),
                    Column.Number("OWED ITEMS", "debts"), Column.Text("KEPT UNTIL", "owedUntil"), Column.Of("LACKS", point => string.Join(", ", point.Items("lacks").Select(part => part.Text("part")))));
            }),
            verbs.Make("folders", "Lists folders, calendars, libraries, channels… as they were.", [Parts.Tenant, Parts.Resource, Parts.Point], async (call, cancellation) =>
                call.Print.List(await call.Api.GetAsync(await PathAsync(call, cancellation, "folders"), cancellation), "folders",
                    Column.Of("PATH", folder => string.Join('/', folder.Items("path").Select(name => name.Text()))), Column.Text("KIND", "kind"), Column.Text("ID", "id"))),
            verbs.Make("items", "Lists the items of a folder as it was.", [Parts.Tenant, Parts.Resource, Parts.Point, Parts.Folder, Parts.Limit], async (call, cancellation) =>
            {
                var (tenant, resource) = await call.ResourceAsync(cancellation);
                var folder = await Names.FolderAsync(call.Api, tenant, resource, call.Get(Parts.Point), call.Get(Parts.Folder), cancellation);
                call.Print.List(await call.ListAsync(Address.OfPoint(tenant, resource, call.Get(Parts.Point), "folders", folder, "items"), "items", cancellation), "items", Items);
            }),
            verbs.Make("item", "Shows one item as it was.", [Parts.Tenant, Parts.Resource, Parts.Point, Parts.Item], async (call, cancellation) =>
                call.Print.Sheet(await call.Api.GetAsync(await PathAsync(call, cancellation, "items", call.Get(Parts.Item)), cancellation),
                    Column.Text("name or subject", "subject"), Column.Text("kind", "kind"), Column.Text("from", "from"), Column.Time("received or changed", "received"), Column.Time("sent", "sent"), Column.Bytes("size", "size"),
                    Column.Text("categories", "categories"), Column.Of("attachments", item => string.Join(", ", item.Items("attachments").Select((file, number) => $"{number}: {file.Text("name")} ({Units.Bytes(file.Number("size"))})"))),
                    Column.Of("contents", item => string.Join(", ", item.Items("contents").Select(content => $"{content.Text("role")} ({Units.Bytes(content.Number("size"))})"))), Column.Text("warnings", "warnings"), Column.Text("folder", "folderId"), Column.Text("id", "id"))),
            verbs.Make("search", "Searches all of a customer, or one resource. Ends with 7 when something could not be searched.", [Parts.Tenant, Words, InResource, AtPoint, Day, From, Until, Parts.Limit], SearchAsync),
            verbs.Make("compare", "Says what was added, changed and removed between two restore points.", [Parts.Tenant, Parts.Resource, Then, Now, Change, Parts.Limit], CompareAsync));
        group.Aliases.Add("browse");
        return group;
    }

    private static async Task<string> PathAsync(Call call, CancellationToken cancellation, params string[] parts)
    {
        var (tenant, resource) = await call.ResourceAsync(cancellation);
        return Address.OfPoint(tenant, resource, call.Get(Parts.Point), parts);
    }

    private static async Task<ExitCode> SearchAsync(Call call, CancellationToken cancellation)
    {
        var tenant = await call.TenantAsync(cancellation);
        if (call.Get(InResource) is null && call.Get(AtPoint) is not null)
            throw CommandFailedException.Wrong("--point goes with --resource; a whole customer is searched as of a --day.");
        var path = call.Get(InResource) is { } named
            ? Address.OfPoint(tenant, await Names.ResourceAsync(call.Api, tenant, named, cancellation), call.Get(AtPoint) ?? call.Get(Day) ?? "latest", "search")
            : Address.OfTenant(tenant, "search").With(("day", call.Get(Day)));
        // A word with blanks in it was quoted in the shell, and is one word for the server too.
        var text = string.Join(' ', call.Get(Words)!.Select(word => word.Contains(' ', StringComparison.Ordinal) ? $"\"{word.Replace("\"", "", StringComparison.Ordinal)}\"" : word));
        var (found, end) = (new List<JsonElement>(), (JsonElement?)null);
        await foreach (var one in call.Api.ReadAsync(path.With(("text", text), ("from", call.Get(From)), ("until", call.Get(Until)), ("limit", call.Get(Parts.Limit)?.ToString(System.Globalization.CultureInfo.InvariantCulture))), cancellation))
        {
            if (call.Print.IsJson)
                call.Print.JsonLine(JsonSerializer.SerializeToElement(new { @event = one.Name, data = one.Data }));
            else if (!one.IsEnd)
                found.Add(one.Data);
            if (one.IsEnd)
                end = one.Data;
        }
        if (!call.Print.IsJson)
            call.Print.Table(found, Column.Text("DAY", "day"), Column.Number("POINT", "point"), Column.Text("KIND", "item.kind"), Column.Text("NAME OR SUBJECT", "item.subject"), Column.Text("FROM", "item.from"), Column.Time("TIME", "item.received"), Column.Text("RESOURCE", "resource"), Column.Text("ID", "item.id"));
        if (end is not { } ended)
            throw new CommandFailedException(ExitCode.Partly, "The search broke off; what was found until then is shown.", "Search again.");
        foreach (var left in ended.Items("notSearched"))
            call.Print.Note($"not searched: {left.Text("displayName")}: {left.Text("reason")}");
        if (ended.IsTrue("more"))
            call.Print.Note("There is more than that: narrow the search, or give a greater --limit.");
        return ended.Items("notSearched").Count > 0 ? ExitCode.Partly : ExitCode.Done;
    }

    /// <summary>As it is in the later point; what was removed, as it was in the earlier one.</summary>
    private static JsonElement Newer(JsonElement change) => change.At("after") is { ValueKind: JsonValueKind.Object } after ? after : change.At("before");

    private static async Task CompareAsync(Call call, CancellationToken cancellation)
    {
        var (tenant, resource) = await call.ResourceAsync(cancellation);
        var path = Address.OfPoint(tenant, resource, call.Get(Then), "compare", call.Get(Now));
        call.Print.List(await call.ListAsync(path.With(("change", call.Get(Change))), "changes", cancellation), "changes", Column.Text("CHANGE", "change"), Column.Text("IN", "differences"),
            Column.Of("KIND", one => Newer(one).Text("kind")), Column.Of("NAME OR SUBJECT", one => Newer(one).Text("subject")), Column.Text("ID", "id"));
    }
}
