using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using OrleansBackup.CommandLine.Tests.Hosting;

namespace OrleansBackup.CommandLine.Tests.Commands;

/// <summary>Nothing of the API is out of reach of the command line: each operation that a real server describes is asked for by a command, or is on the list with a reason why none does.</summary>
[Collection(nameof(LiveServer))]
public sealed partial class RouteTests(LiveServer live) : CommandTest
{
    private const string AnotherForm = "another form of 'download item', for links", OneFile = "the items of a point in one file, for calendars and address books; 'download folder' saves the same items";

    private static readonly Dictionary<string, string> WithoutCommand = new()
    {
        ["GET /health/live"] = "of what starts and watches processes; 'api get /health/live' asks it",
        ["GET /health/ready"] = "of what sends requests to processes; 'api get /health/ready' asks it",
        ["GET /operations/clock"] = "of demonstrations and tests only",
        ["POST /operations/clock"] = "of demonstrations and tests only",
        ["GET /api/v1/certificates/{certificate}/file"] = "what 'registration show' prints",
        ["GET /api/v1/tenants/{tenant}/resources/{resource}/points/{point}/folders/{folderId}/file"] = AnotherForm,
        ["GET /api/v1/tenants/{tenant}/resources/{resource}/points/{point}/items/{itemId}/properties"] = "the content json of the item; 'download item --role json' saves it",
        ["GET /api/v1/tenants/{tenant}/resources/{resource}/points/{point}/calendar.ics"] = OneFile,
        ["GET /api/v1/tenants/{tenant}/resources/{resource}/points/{point}/tasks.ics"] = OneFile,
        ["GET /api/v1/tenants/{tenant}/resources/{resource}/points/{point}/contacts.vcf"] = OneFile,
        ["GET /api/v1/tenants/{tenant}/resources/{resource}/points/{point}/compare/{other}/events"] = "the differences as a stream; 'points compare' reads them in parts",
        ["GET /api/v1/tenants/{tenant}/resources/{resource}/points/{point}"] = "one line of 'points list'",
        ["GET /api/v1/tenants/{tenant}/resources/{resource}/runs/{run}"] = "one line of 'run list', and the first event of 'run watch'",
    };

    [Fact]
    public async Task Every_operation_is_reached_by_a_command_or_has_a_reason_not_to_be()
    {
        using var http = new HttpClient();
        var document = JsonDocument.Parse(await http.GetStringAsync(new Uri(live.Address, "openapi/v1.json"))).RootElement;
        var operations = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}"))
            .Where(operation => !operation.StartsWith("HEAD ", StringComparison.Ordinal)).ToHashSet();
        Server.Otherwise = AnswerAsync;
        var (wrong, reached, forms) = (new List<string>(), new HashSet<string>(), operations.ToDictionary(operation => operation, FormOf));
        foreach (var words in Typed())
        {
            var before = Server.Seen.Count;
            var ran = await RunAsync(words);
            if (ran.Exit is ExitCode.WrongCall or ExitCode.Unreachable)
                wrong.Add($"{string.Join(' ', words)} ended with {ran.Exit}: {ran.Error}");
            foreach (var asked in Server.Seen.Skip(before))
                if (Named(forms, asked) is { } operation)
                    reached.Add(operation);
                else
                    wrong.Add($"{string.Join(' ', words)} asks for {asked.Method} {asked.Path}, which there is not");
        }
        wrong.AddRange(operations.Except(reached).Where(operation => !WithoutCommand.ContainsKey(operation) && !IsForm(operation)).Select(operation => $"no command asks for {operation}"));
        wrong.AddRange(WithoutCommand.Keys.Where(operation => !operations.Contains(operation)).Select(operation => $"{operation} is on the list and not in the API"));
        wrong.AddRange(WithoutCommand.Keys.Where(reached.Contains).Select(operation => $"{operation} is on the list and has a command"));
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(reached.Count > 150, $"Only {reached.Count} operations.");
    }

    /// <summary>Single files of an item under names that programs know: .ics, .vcf.</summary>
    private static bool IsForm(string operation) => operation.Contains("/items/{itemId}", StringComparison.Ordinal) && FileName().IsMatch(operation);

    /// <summary>The operation whose address has the fewest holes and says the most, of those that fit.</summary>
    private static string? Named(Dictionary<string, Regex> forms, Asked asked) => forms.Where(form => form.Value.IsMatch($"{asked.Method} {asked.Path}")).Select(form => form.Key)
        .MinBy(operation => (operation.Count(character => character == '{'), -operation.Length));

    private static Regex FormOf(string operation) => new($"^{Hole().Replace(Regex.Escape(operation).Replace("\\ ", " ", StringComparison.Ordinal), "[^/]+")}$", RegexOptions.NonBacktracking);

    private static Task AnswerAsync(HttpContext context)
    {
        var isStream = context.Request.Path.Value!.EndsWith("/events", StringComparison.Ordinal) || context.Request.Path.Value.EndsWith("/search", StringComparison.Ordinal);
        context.Response.ContentType = isStream ? "text/event-stream" : "application/json";
        return context.Response.WriteAsync(isStream ? "event: end\ndata: {}\n\n" : """{"id":"1","folders":[{"id":"f","path":["F"]}],"runs":[{"id":"1"}],"checks":[{"day":"2026-03-16"}],"retention":{},"window":{}}""");
    }

    [GeneratedRegex(@"\\\{\w+}", RegexOptions.NonBacktracking)]
    private static partial Regex Hole();

    [GeneratedRegex(@"(\.\w+|/file)$", RegexOptions.NonBacktracking)]
    private static partial Regex FileName();
}
