using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
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
        ("report confirmation", 4),
        ("report confirm", 5), // the month is not frozen yet
        ("invoices show", 4), // nothing was invoiced
        ("invoices download", 4),
        ("store move ", 2), // there is one store only
        ("store watch", 4), // and none was ever begun
        ("requests decline", 5), // it was approved
        ("check work", 2), // there is no such group
        ("work decide", 5), // there is no contract yet
        ("contract warn", 5), // the plan knows no suspension
        ("contract call-off", 5),
        ("contract freeze", 5),
        ("contract lift", 5),
        ("contract consequences foresee", 5), // no end is settled
        ("contract consequences propose", 5),
        ("contract consequences list", 4),
        ("contract consequences drop", 2),
        ("contract consequences confirm", 2),
        ("contract process-notice", 5), // it was withdrawn
        ("contract deletion", 5),
        ("contract secured", 5),
        ("billing set-profile", 2), // a party in the Netherlands has a number
        ("billing profile", 4),
        ("billing credit", 4), // nothing was invoiced
        ("billing pay ", 4),
        ("store set-countries", 2), // nobody said where the store lies
        ("store lift-hold-all Contoso --why \"It has ended.\" --confirm", 5), // nobody confirms what he proposed himself
        ("erasure resource Contoso mailbox:user1@contoso.example --item $ITEM --why \"Demand of 2 March\" --confirmation \"erase for ever\" --key-file", 5), // the hold of the whole customer stands
        ("certificates check", 1), // nobody has added it to the app registration
        ("certificates use", 1),
        ("destruction show", 4), // it was proposed only
        ("destruction watch", 4),
        ("destruction record", 4),
        ("documents deletion", 4), // nothing is over its term
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
        Private("second.txt", LiveServer.SecondKey);
        File.WriteAllText(Path.Combine(server.Work, "prerequisites.json"), """{"m365-service":"Contract M-1"}""");
        File.WriteAllText(Path.Combine(server.Work, "contacts.json"), """{"contacts":[{"name":"A. Contact","email":"a.contact@contoso.example","authority":["requestRestore","changeScope","endContract"]}]}""");
        File.WriteAllText(Path.Combine(server.Work, "profile.json"), """{"customer":{"name":"Contoso","street":"Kade 1","postalCode":"1011 AB","city":"Amsterdam","country":"NL"},"reference":"C-1"}""");
        using (var key = RSA.Create(2048))
        using (var elsewhere = new CertificateRequest("CN=elsewhere", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2040, 1, 1, 0, 0, 0, TimeSpan.Zero)))
            Private("elsewhere.pem", $"{elsewhere.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}");
        _variables.AddRange(
        [
            ("SERVER", server.Address.ToString()), ("DIRECTORY_ID", server.Company.TenantId.ToString()), ("CLIENT_ID", server.Company.ClientId), ("XDG_CONFIG_HOME", server.Work),
            ("INVOICE", "2026-000001"), ("GROUP", "none"),
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
        await LearnAsync(line, "REGISTERED", "registration list --json", answer => answer.GetProperty("certificates")[0].GetProperty("id").GetString()!);
        if (line.Contains("registration use", StringComparison.Ordinal))
            await server.AddToRegistrationAsync(await File.ReadAllTextAsync(Path.Combine(server.Work, "orleansbackup.pem")));
        await LearnAsync(line, "ITEM", $"points items Contoso {Mailbox} latest Inbox --limit 1 --json", answer => answer.GetProperty("items")[0].GetProperty("id").GetString()!);
        await LearnAsync(line, "JOB", "restore list Contoso --limit 1 --json", answer => answer.GetProperty("restores")[0].GetProperty("id").GetString()!);
        await LearnAsync(line, "REHEARSAL", "rehearsals list --json", answer => answer.GetProperty("rehearsals")[0].GetProperty("name").GetString()!);
        if (line.Contains("rehearsals record", StringComparison.Ordinal))
            await WaitForRehearsalAsync();
        await LearnAsync(line, "REQUEST", "requests list Contoso --json", answer => answer.GetProperty("requests")[0].GetProperty("id").GetString()!);
        await LearnAsync(line, "OPENING", "openings list Contoso --json", answer => answer.GetProperty("openings")[0].GetProperty("id").GetString()!);
        await LearnAsync(line, "INCIDENT", "incidents list --json", answer => answer.GetProperty("incidents")[0].GetProperty("id").GetString()!);
        await LearnAsync(line, "WORK", "work list Contoso --open --json", answer => answer.GetProperty("workOrders").EnumerateArray().First(order => order.GetProperty("kind").GetString() == "change").GetProperty("id").GetString()!);
        await LearnAsync(line, "LIST", "prices list --json", answer => answer.GetProperty("priceLists")[0].GetProperty("id").GetString()!);
        await LearnAsync(line, "NOTICE", "notices list Contoso --json", answer => answer.GetProperty("notices")[0].GetProperty("id").GetString()!);
        await LearnAsync(line, "WEBHOOK", "webhooks list Contoso --json", answer => answer.GetProperty("webhooks")[0].GetProperty("id").GetString()!);
        await LearnAsync(line, "SUBSCRIPTION", "subscriptions list --json", answer => answer.GetProperty("subscriptions")[0].GetProperty("id").GetString()!);
        await LearnAsync(line, "DELIVERY", "subscriptions deliveries $SUBSCRIPTION --json", answer => answer.GetProperty("deliveries")[0].GetProperty("id").GetString()!);
        await LearnAsync(line, "SEARCH", "erasure list Contoso --json", answer => answer.GetProperty("searches")[0].GetProperty("id").GetString()!);
        if (line.Contains("erasure items", StringComparison.Ordinal))
            await WaitAsync("orleansbackup erasure show Contoso $SEARCH --json", "\"found\"");
        await LearnAsync(line, "FOUND", "erasure show Contoso $SEARCH --json", answer => answer.GetProperty("list").GetString()!);
        await LearnAsync(line, "EXPORT", "exports list Contoso --json", answer => answer.GetProperty("exports")[0].GetProperty("id").GetString()!);
        await LearnAsync(line, "CERTIFICATE", "certificates list Contoso --json", answer => answer.GetProperty("certificates").EnumerateArray().First(one => !one.GetProperty("inUse").GetBoolean()).GetProperty("id").GetString()!);
        await LearnAsync(line, "HOLD", "documents show --json", answer => answer.GetProperty("holds")[0].GetProperty("id").GetString()!);
        if (line.Contains("$PROPOSAL", StringComparison.Ordinal))
        {
            _variables.RemoveAll(known => known.Name == "PROPOSAL"); // each is of its own line
            await LearnAsync(line, "PROPOSAL", "proposals list Contoso --json", answer => answer.GetProperty("proposals")[0].GetProperty("id").GetString()!);
        }
        if (line.Contains("requests confirm", StringComparison.Ordinal))
            await WaitAsync("orleansbackup requests show Contoso $REQUEST --json", "\"finishedAt\": \"");
        await LearnAsync(line, "KEY", "key list --json", answer => answer.GetProperty("keys").EnumerateArray().Last().GetProperty("id").GetString()!);
    }

    /// <summary>A record is signed at the end of a rehearsal; each question is a process of its own, which is pause enough.</summary>
    private Task WaitForRehearsalAsync() => WaitAsync("orleansbackup rehearsals show $REHEARSAL", "record");

    private async Task WaitAsync(string question, string answer)
    {
        for (var questions = 0; questions < MostQuestions; questions++)
            if ((await TypeAsync(question)).Said.Contains(answer, StringComparison.Ordinal))
                return;
        Assert.Fail($"{question} never says {answer}.");
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
