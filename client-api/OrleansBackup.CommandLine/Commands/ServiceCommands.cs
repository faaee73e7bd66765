using System.CommandLine;
using OrleansBackup.CommandLine.Http;
using OrleansBackup.CommandLine.Output;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>What concerns the whole service, and a way to everything of the API that has no command of its own.</summary>
internal static class ServiceCommands
{
    private static readonly Argument<string> Method = new("method") { Description = "get, post, put or delete" };
    private static readonly Argument<string> Path = new("path") { Description = "below /api/v1/, or from the root when it begins with /" };
    private static readonly Option<string?> Body = new("--body") { Description = "JSON file to send; - is standard input", HelpName = "FILE" };

    public static Command Due(Verbs verbs) => verbs.Make("due", "Lists what is due and when, the longest overdue first. Ends with 7 when a customer does not answer.", [Parts.Limit], async (call, cancellation) =>
    {
        var due = await call.ListAsync("due", "due", cancellation);
        call.Print.List(due, "due", Column.Time("DUE", "dueAt"), Column.Text("STANDING", "standing"), Column.Text("WHAT", "what"), Column.Text("CUSTOMER", "tenantName"), Column.Text("NAME", "displayName"), Column.Text("ADDRESS", "address"),
            Column.Of("STATE", line => line.IsTrue("running") ? "running" : ""), Column.Text("PROBLEM", "problem"));
        foreach (var silent in due.Items("silent"))
            call.Print.Note($"does not answer: {silent.Text()}");
        return due.Items("silent").Count > 0 ? ExitCode.Partly : ExitCode.Done;
    });

    public static Command Problems(Verbs verbs) => verbs.Make("problems", "Lists every kind of error that the API gives, with its cause and cure.", [Parts.Language, Parts.Limit], async (call, cancellation) =>
    {
        var language = call.Get(Parts.Language)!;
        call.Print.List(await call.ListAsync("problems", "problems", cancellation), "problems",
            Column.Of("TYPE", problem => problem.Text("type").Split('/')[^1]), Column.Text("STATUS", "status"), Column.Of("TITLE", problem => In(problem, "title", language)), Column.Of("CAUSE", problem => In(problem, "cause", language)), Column.Of("CURE", problem => In(problem, "cure", language)));
    });

    public static Command Problem(Verbs verbs) => verbs.Show("problem", "Explains one kind of error, by the last part of its type.", "problems/{type}",
        [Column.Text("type", "slug"), Column.Text("status", "status"), Column.Text("title", "title.en"), Column.Text("cause", "cause.en"), Column.Text("what to do", "cure.en")]);

    public static Command Api(Verbs verbs)
    {
        Method.AcceptOnlyFromAmong("get", "post", "put", "delete");
        return verbs.Make("api", "Calls any address of the API; answers are printed as they are.", [Method, Path, Body], async (call, cancellation) =>
        {
            var body = call.Get(Body) is { } file ? await call.JsonOfAsync(file, cancellation) : null;
            var answer = await call.Api.ChangeAsync(HttpMethod.Parse(call.Get(Method)), call.Get(Path), body, null, cancellation);
            if (answer.ValueKind != System.Text.Json.JsonValueKind.Undefined)
                call.Print.Json(answer);
        });
    }

    private static string In(System.Text.Json.JsonElement problem, string what, string language) =>
        problem.At($"{what}.{language}") is { ValueKind: System.Text.Json.JsonValueKind.String } words ? words.GetString()! : problem.Text(what);
}
