using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using OrleansBackup.Benchmarks.Vault.Peers;

namespace OrleansBackup.Benchmarks.Vault;

/// <summary>What the vault costs by itself, beside its peers on the same bytes, and at size.</summary>
public static class VaultBenchmark
{
    private const string CorpusVariable = "ORLEANSBACKUP_CORPUS";

    public static Command Command()
    {
        var corpus = new Option<string?>("--corpus")
        {
            Description = $"folder whose subfolder mail holds the messages (default: what {CorpusVariable} says; without it everything that needs real mail is left out)",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable(CorpusVariable),
        };
        var repeats = new Option<int>("--repeats") { Description = "runs of each measurement; the median is printed", DefaultValueFactory = _ => 3 };
        var items = new Option<int>("--items") { Description = "messages of the mailbox that lives beside restic and borg: the corpus again and again, each a little different", DefaultValueFactory = _ => 20_000 };
        var many = new Option<int>("--many") { Description = "messages of the very large mailbox; 0: leave it out", DefaultValueFactory = _ => 1_000_000 };
        var command = new Command("vault", "The vault: a very large message, real mail beside restic and borg, many restore points, a very large mailbox, 120 days of life.") { corpus, repeats, items, many };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(corpus), Math.Max(1, parsed.GetValue(repeats)), parsed.GetValue(items), parsed.GetValue(many), cancellation));
        return command;
    }

    /// <summary>The very large mailbox alone; the benchmark starts it in a process of its own, because memory is what counts.</summary>
    public static Command ManyItemsCommand()
    {
        var items = new Option<int>("--items") { DefaultValueFactory = _ => 1_000_000 };
        var command = new Command("vault-many", "A mailbox of very many small messages: memory and finding.") { items };
        command.SetAction(async (parsed, cancellation) => Tell($"{parsed.GetValue(items):N0} messages of about 0.7 KB", await ManyItemsMeasurement.RunAsync(parsed.GetValue(items), cancellation)));
        return command;
    }

    /// <summary>The first backup alone, in a process of its own, so that nothing but the two that are compared is compiled or collected.</summary>
    public static Command FirstBackupCommand()
    {
        var mail = new Option<string>("--mail") { Required = true };
        var repeats = new Option<int>("--repeats") { DefaultValueFactory = _ => 31 };
        var command = new Command("vault-first", "First backup of real mail against hash, compression and encryption alone.") { mail, repeats };
        command.SetAction(async (parsed, cancellation) =>
        {
            var messages = ReadMessages(parsed.GetValue(mail)!);
            Tell($"first backup of {messages.Length} messages", await FirstBackupMeasurement.RunAsync(messages, parsed.GetValue(repeats), cancellation));
        });
        return command;
    }

    private static byte[][] ReadMessages(string mail) =>
        [.. Directory.EnumerateFiles(mail, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    private static async Task<int> RunAsync(string? corpus, int repeats, int items, int many, CancellationToken cancellation)
    {
        Tell("one very large message", await LargeMessageMeasurement.RunAsync(cancellation)); // first: its memory is what the process has needed so far
        var mail = corpus is null ? null : Path.Combine(corpus, "mail");
        if (mail is not null && !Directory.Exists(mail))
        {
            await Console.Error.WriteLineAsync($"{corpus} has no folder mail.");
            return 2;
        }
        if (mail is null)
            Console.WriteLine($"{Environment.NewLine}Left out: first backup of real mail, and everything beside restic and borg. Say where real messages are (--corpus or {CorpusVariable}).");
        else
            await WithMailAsync(mail, repeats, items, cancellation);
        Tell("many restore points", await ManyPointsMeasurement.RunAsync(cancellation));
        if (many > 0)
            await InOwnProcessAsync(["vault-many", "--items", many.ToString(CultureInfo.InvariantCulture)], cancellation);
        return await ReclaimBenchmark.RunAsync(5_000, cancellation);
    }

    private static async Task WithMailAsync(string mail, int repeats, int items, CancellationToken cancellation)
    {
        var messages = ReadMessages(mail);
        await InOwnProcessAsync(["vault-first", "--mail", mail], cancellation);
        foreach (var peer in new[] { "restic", "borg" })
            Console.WriteLine(PeerTool.VersionOf(peer) ?? $"{peer} is not on this machine: its figures are left out");
        foreach (var count in new[] { messages.Length, items })
            Tell($"{count} messages, beside peers (ratio: ours to theirs)", await PeerMeasurement.RunAsync(messages, count, repeats, cancellation));
    }

    private static async Task InOwnProcessAsync(string[] arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [typeof(VaultBenchmark).Assembly.Location, .. arguments]);
        using var process = Process.Start(start)!;
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{arguments[0]} ended with {process.ExitCode}.");
    }

    private static void Tell(string title, IReadOnlyList<Figure> figures)
    {
        Console.WriteLine($"{Environment.NewLine}{title}");
        foreach (var figure in figures)
            Console.WriteLine($"  {figure}");
    }
}
