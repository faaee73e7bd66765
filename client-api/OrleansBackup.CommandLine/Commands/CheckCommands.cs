using System.CommandLine;
using System.Text.Json.Nodes;
using OrleansBackup.CommandLine.Http;
using OrleansBackup.CommandLine.Output;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>The daily check: what has no good backup, and that somebody has looked.</summary>
internal static class CheckCommands
{
    private static readonly Argument<string> Day = new("day") { Description = "such as 2026-03-02; without it, the newest check", DefaultValueFactory = _ => "latest" };
    private static readonly Option<string[]> Groups = Parts.Several("--group", "only this group of the check; may be repeated", "ID");
    private static readonly Option<string> Group = new("--group") { Description = "the group of the check that it is for", HelpName = "ID", Required = true };
    private static readonly Option<string> Note = new("--note") { Description = "what was found on looking", HelpName = "TEXT", Required = true };

    public static Command Build(Verbs verbs) => Verbs.Group("check", "Daily checks.",
        verbs.Make("list", "Lists daily checks, newest first.", [Parts.Limit], async (call, cancellation) =>
            call.Print.List(await call.ListAsync("checks", "checks", cancellation), "checks",
                Column.Text("DAY", "day"), Column.Time("MADE", "madeAt"), Column.Number("GROUPS", "groups"), Column.Number("CRITICAL", "critical"), Column.Number("OPEN", "open"), Column.Number("ALERTS", "alerts"), Column.Text("LOOKED AT", "isAcknowledged"), Column.Text("CARRIED TO", "carriedTo"))),
        verbs.Make("show", "Shows everything without a good backup, by cause, with who has to act.", [Day], async (call, cancellation) =>
            Show(call, await call.Api.GetAsync(Address.Of("checks", await DayAsync(call, cancellation)), cancellation))),
        verbs.Make("acknowledge", "Says that you have looked: at all of it, or at single groups.", [Day, Note, Groups], async (call, cancellation) =>
        {
            var body = new JsonObject { ["note"] = call.Get(Note) };
            if (call.Get(Groups) is { Length: > 0 } groups)
                body["groups"] = new JsonArray([.. groups.Select(group => JsonValue.Create(group))]);
            Show(call, await call.Api.PostAsync(Address.Of("checks", await DayAsync(call, cancellation), "acknowledgements"), body, cancellation));
        }),
        verbs.Make("work", "Opens a piece of work for a fault that lies with the customer's configuration.", [Day, Group], async (call, cancellation) =>
            Show(call, await call.Api.PostAsync(Address.Of("checks", await DayAsync(call, cancellation), "work-orders"), new JsonObject { ["group"] = call.Get(Group) }, cancellation))));

    private static async Task<string> DayAsync(Call call, CancellationToken cancellation)
    {
        if (call.Get(Day) is not "latest" and var day)
            return day;
        var newest = (await call.Api.GetAsync("checks?limit=1", cancellation)).Items("checks");
        return newest.Count > 0 ? newest[0].Text("day") : throw new CommandFailedException(ExitCode.NotFound, "No daily check was made yet.");
    }

    private static void Show(Call call, System.Text.Json.JsonElement check)
    {
        call.Print.Sheet(check, Column.Text("day", "day"), Column.Time("made", "madeAt"), Column.Text("looked at", "isAcknowledged"), Column.Text("by", "looked.who"), Column.Text("note", "looked.note"),
            Column.Of("alerts", whole => string.Join(", ", whole.Items("alerts").Select(alert => $"{alert.Text("day")} {alert.Text("reason")}"))));
        if (call.Print.IsJson)
            return;
        call.Print.Heading("Without a good backup");
        call.Print.Table(check.Items("groups"), Column.Text("CUSTOMER", "tenantName"), Column.Text("SEVERITY", "severity"), Column.Text("WHAT", "what.en"), Column.Number("RESOURCES", "count"), Column.Text("WHO ACTS", "acts"),
            Column.Text("WHAT TO DO", "advice.en"), Column.Text("LOOKED AT BY", "acknowledged.who"), Column.Text("GROUP", "id"));
    }
}
