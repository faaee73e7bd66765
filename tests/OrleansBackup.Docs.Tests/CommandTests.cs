using System.Diagnostics;
using System.Text.RegularExpressions;
using OrleansBackup.Docs.Tests.Hosting;

namespace OrleansBackup.Docs.Tests;

/// <summary>Commands on the pages work. Blocks marked <c>sh run</c> are run as they stand, in their order, against a server; of the others it is shown that what they call is there.</summary>
[Collection(nameof(DocumentedServer))]
public sealed partial class CommandTests(DocumentedServer server)
{
    /// <summary>Programs of others, which no page needs to prove.</summary>
    private static readonly HashSet<string> Foreign = new(StringComparer.Ordinal)
    {
        "export", "cd", "cp", "install", "useradd", "apt-get", "systemctl", "docker", "kubectl", "git", "openssl", "sha256sum", "umask", "cat", "rsync", "sudo", "sqlite3", "mkdir", "pg_dump", "promtool", "tar", "chmod", "mv", "diff",
    };

    public static TheoryData<string> Runnable { get; } =
        [.. Pages.All.Where(page => Pages.Blocks(File.ReadAllText(page)).Any(block => block.Info == "sh run")).Select(page => Path.GetRelativePath(Pages.Root, page))];

    public static TheoryData<string> Shown { get; } = [.. Pages.All.SelectMany(page => Pages.Blocks(File.ReadAllText(page))).Where(block => block.Info is "sh" or "sh run" or "").SelectMany(block => Lines(block.Text))
        .Concat(Pages.All.SelectMany(page => Pages.Names(File.ReadAllText(page))).Where(name => name.StartsWith("orleansbackup ", StringComparison.Ordinal))).Distinct()];

    [Theory]
    [MemberData(nameof(Runnable))]
    public async Task What_a_page_says_to_run_runs(string page)
    {
        var script = string.Concat(Pages.Blocks(await File.ReadAllTextAsync(Path.Combine(Pages.Root, page))).Where(block => block.Info == "sh run").Select(block => block.Text));
        var (status, output) = await server.RunAsync($"set -euo pipefail\nset -x\n{script}");
        Assert.True(status == 0, $"It ended with {status}:\n{output}");
    }

    [Theory]
    [MemberData(nameof(Shown))]
    public async Task What_a_page_shows_is_there(string command)
    {
        foreach (var path in RepositoryPath().Matches(command).Select(match => match.Value.TrimEnd('.', ',', '/')).Where(path => !path.EndsWith(".dll", StringComparison.Ordinal)))
            Assert.True(Path.Exists(Path.Combine(Pages.Root, path)), $"{path} does not exist");
        foreach (var part in command.Split("&&", StringSplitOptions.TrimEntries))
            await IsThereAsync(part, Words(part));
    }

    private async Task IsThereAsync(string command, string[] words)
    {
        switch (words[0])
        {
            case var script when script.StartsWith("deploy/", StringComparison.Ordinal):
                var text = await File.ReadAllTextAsync(Path.Combine(Pages.Root, script));
                Assert.All(words.Where(word => word.StartsWith("--", StringComparison.Ordinal)), option => Assert.Contains(option, text, StringComparison.Ordinal));
                break;
            case "orleansbackup":
                var verbs = words.Skip(1).TakeWhile(word => VerbName().IsMatch(word)).Take(2).ToArray();
                var help = (await server.RunAsync($"orleansbackup {string.Join(' ', verbs)} --help")).Output;
                Assert.DoesNotContain("Unrecognized", help, StringComparison.Ordinal);
                Assert.Contains($"orleansbackup {string.Join(' ', verbs)}", help, StringComparison.Ordinal);
                Assert.All(words.Where(word => word.StartsWith("--", StringComparison.Ordinal)), option => Assert.Contains(option, help, StringComparison.Ordinal));
                break;
            case "dotnet" or "OrleansBackup.Silo":
                var program = await File.ReadAllTextAsync(Path.Combine(Pages.Root, "silo", "OrleansBackup.Silo", "Commands", "ServerProgram.cs")) + await File.ReadAllTextAsync(Path.Combine(Pages.Root, "silo", "OrleansBackup.Silo", "Commands", "RecoverCommand.cs"));
                if (words.SkipWhile(word => !word.EndsWith("OrleansBackup.Silo.dll", StringComparison.Ordinal) && word != "--" && word != "OrleansBackup.Silo").Skip(1).FirstOrDefault() is { } verb && !verb.StartsWith('-'))
                    Assert.Contains($"\"{verb}\"", program, StringComparison.Ordinal);
                break;
            case "curl":
                break; // its addresses are looked at with all others of the page
            default:
                Assert.Contains(words[0], Foreign);
                break;
        }
        Assert.All(Settings().Matches(command).Select(match => match.Groups[1].Value), setting =>
            Assert.All(setting.Split(':').Where(part => char.IsUpper(part[0])), part => Assert.Contains(Pages.ProductSources(), file => File.ReadAllText(file).Contains(part, StringComparison.Ordinal))));
    }

    /// <summary>One command a line; what ends in a backslash goes on.</summary>
    private static IEnumerable<string> Lines(string block) => block.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Where(line => !line.StartsWith('#') && CommandStart().IsMatch(line));

    private static string[] Words(string command) => [.. Quotes().Replace(command, "x").Split(' ', StringSplitOptions.RemoveEmptyEntries).TakeWhile(word => word is not ("|" or ">" or "<")).DefaultIfEmpty("export")];

    [GeneratedRegex(@"^[\w./-]+( |$)")]
    private static partial Regex CommandStart();

    [GeneratedRegex("\"[^\"]*\"|'[^']*'")]
    private static partial Regex Quotes();

    [GeneratedRegex("^[a-z][a-z-]+$")]
    private static partial Regex VerbName();

    [GeneratedRegex(@"(?<![\w/.-])(deploy|silo|tests|client-api|grains)/[\w./-]+")]
    private static partial Regex RepositoryPath();

    [GeneratedRegex(@"--([A-Z]\w+(?::\w+)+)")]
    private static partial Regex Settings();
}
