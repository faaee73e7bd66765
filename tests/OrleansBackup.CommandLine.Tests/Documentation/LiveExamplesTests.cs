using System.Text.Json;
using OrleansBackup.CommandLine.Tests.Hosting;

namespace OrleansBackup.CommandLine.Tests.Documentation;

/// <summary>Every example of the README, typed into a real bash, in the order of the README, against a real server that starts with nothing in it.</summary>
[Collection(nameof(LiveServer))]
public sealed class LiveExamplesTests(LiveServer server)
{
    private const int MostQuestions = 200;
    private const string Mailbox = "mailbox:user1@contoso.example";

    /// <summary>What cannot end with 0 in the first days of a customer, and why.</summary>
    private static readonly (string Line, int Exit)[] Otherwise =
    [
        ("run cancel", 5), // nothing runs any more
        ("restore cancel", 5), // it has ended
        ("report confirm", 5), // the month is not frozen yet
        ("invoices show", 4), // nothing was invoiced
        ("invoices download", 4),
        ("store move ", 2), // there is one store only
        ("store release-brake", 5), // it is not on
    ];

    /// <summary>Lines that ask for parts of the API by which a server may be recognised; one that has not got them says 404.</summary>
    private static readonly (string Line, string Path)[] Parts = [("points compare", "/compare/"), ("key ", "/api/v1/keys")];

    private readonly List<(string Name, string Value)> _variables = [];

    [Fact]
    public async Task All_examples_do_what_they_say()
    {
        if (OperatingSystem.IsWindows())
            return; // they are written for a shell
        Prepare();
        using var http = new HttpClient();
        var document = await http.GetStringAsync(new Uri(server.Address, "openapi/v1.json"));
        var wrong = new List<string>();
        foreach (var line in Readme.Lines)
        {
            var has = Parts.All(part => !line.StartsWith($"orleansbackup {part.Line}", StringComparison.Ordinal) || document.Contains(part.Path, StringComparison.Ordinal));
            if (has)
                await LearnAsync(line);
            else if (!_variables.Any(known => known.Name == "KEY"))
                _variables.Add(("KEY", "none"));
            var (exit, said) = await TypeAsync(line);
            var expected = !has ? 4 : Otherwise.Where(other => line.StartsWith($"orleansbackup {other.Line}", StringComparison.Ordinal)).Select(other => other.Exit).FirstOrDefault();
            if (exit != expected)
                wrong.Add($"{line}\n  ended with {exit} instead of {expected}: {said}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.All(["message.eml", "inbox.zip", "audit.jsonl", "rehearsal.jsonl", "inventory.jsonl", "report.html"], file => Assert.True(new FileInfo(Path.Combine(server.Work, file)).Length > 0, file));
    }

    private void Prepare()
    {
        Private("key.txt", File.ReadAllText(server.KeyFile));
        Private("secret.txt", server.Company.ClientSecret);
        File.WriteAllText(Path.Combine(server.Work, "contract.json"), """{"plan":"accensys","start":"2026-03-02","reference":"Contract 2026-1","prerequisites":{"m365-service":"Contract M-1"}}""");
        _variables.AddRange(
        [
            ("SERVER", server.Address.ToString()), ("DIRECTORY_ID", server.Company.TenantId.ToString()), ("CLIENT_ID", server.Company.ClientId), ("XDG_CONFIG_HOME", server.Work),
            ("INVOICE", "2026-000001"),
        ]);
    }

    private void Private(string name, string text)
    {
        var file = Path.Combine(server.Work, name);
        File.WriteAllText(file, text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>What a reader would copy from an answer before.</summary>
    private async Task LearnAsync(string line)
    {
        await LearnAsync(line, "ITEM", $"points items Contoso {Mailbox} latest Inbox --limit 1 --json", answer => answer.GetProperty("items")[0].GetProperty("id").GetString()!);
        await LearnAsync(line, "JOB", "restore list Contoso --limit 1 --json", answer => answer.GetProperty("restores")[0].GetProperty("id").GetString()!);
        await LearnAsync(line, "REHEARSAL", "rehearsals list --json", answer => answer.GetProperty("rehearsals")[0].GetProperty("name").GetString()!);
        if (line.Contains("rehearsals record", StringComparison.Ordinal))
            await WaitForRehearsalAsync();
        await LearnAsync(line, "KEY", "key list --json", answer => answer.GetProperty("keys").EnumerateArray().Last().GetProperty("id").GetString()!);
    }

    /// <summary>A record is signed at the end of a rehearsal; each question is a process of its own, which is pause enough.</summary>
    private async Task WaitForRehearsalAsync()
    {
        for (var questions = 0; questions < MostQuestions; questions++)
        {
            if ((await TypeAsync("orleansbackup rehearsals show $REHEARSAL")).Said.Contains("record", StringComparison.Ordinal))
                return;
        }
        Assert.Fail("The rehearsal does not end.");
    }

    private async Task LearnAsync(string line, string variable, string ask, Func<JsonElement, string> read)
    {
        if (!line.Contains($"${variable}", StringComparison.Ordinal) || _variables.Any(known => known.Name == variable))
            return;
        var (exit, said) = await TypeAsync($"orleansbackup {ask}");
        Assert.True(exit == 0, $"{ask}: {said}");
        _variables.Add((variable, read(JsonDocument.Parse(said).RootElement)));
    }

    private async Task<(int Exit, string Said)> TypeAsync(string line)
    {
        using var process = OwnProgram.Start("bash", ["--norc", "-c", $"cd '{server.Work}' && {line}"], [.. _variables]);
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }
}
