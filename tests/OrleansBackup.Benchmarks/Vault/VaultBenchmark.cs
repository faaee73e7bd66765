using System.CommandLine;
using OrleansBackup.Benchmarks.Vault.Peers;

namespace OrleansBackup.Benchmarks.Vault;

/// <summary>What the vault costs by itself: bytes in memory to a durable folder, and what they take there.</summary>
public static class VaultBenchmark
{
    private const string CorpusVariable = "ORLEANSBACKUP_CORPUS";

    public static Command Command()
    {
        var corpus = new Option<string?>("--corpus")
        {
            Description = $"folder whose subfolder mail holds the messages (default: what {CorpusVariable} says)",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable(CorpusVariable),
        };
        var repeats = new Option<int>("--repeats") { Description = "runs of each measurement; the median is printed", DefaultValueFactory = _ => 5 };
        var items = new Option<int>("--items") { Description = "messages of the mailbox that lives beside restic and borg: the corpus again and again, each a little different", DefaultValueFactory = _ => 20_000 };
        var command = new Command("vault", "One very large message; the vault beside restic and borg: first backup, daily runs, restores, stored bytes, and the share of the ceiling that is reached.") { corpus, repeats, items };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(corpus), parsed.GetValue(repeats), parsed.GetValue(items), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string? corpus, int repeats, int items, CancellationToken cancellation)
    {
        if (corpus is null || !Directory.Exists(Path.Combine(corpus, "mail")) || repeats < 1)
        {
            await Console.Error.WriteLineAsync($"Say where the corpus is (--corpus or {CorpusVariable}; it has a folder mail), and repeat at least once.");
            return 2;
        }
        Tell("one very large message", await LargeMessageMeasurement.RunAsync(cancellation)); // first: its memory is what the process has needed so far
        var messages = Directory.EnumerateFiles(Path.Combine(corpus, "mail"), "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Select(File.ReadAllBytes).ToArray();
        Tell($"first backup of {messages.Length} messages", await FirstBackupMeasurement.RunAsync(messages, repeats, cancellation));
        foreach (var peer in new[] { "restic", "borg" })
            Console.WriteLine(PeerTool.VersionOf(peer) ?? $"{peer} is not on this machine: its figures are left out");
        foreach (var count in new[] { messages.Length, items })
            Tell($"{count} messages, beside peers (ratio: ours to theirs)", await PeerMeasurement.RunAsync(messages, count, repeats, cancellation));
        return 0;
    }

    private static void Tell(string title, IReadOnlyList<Figure> figures)
    {
        Console.WriteLine($"{Environment.NewLine}{title}");
        foreach (var figure in figures)
            Console.WriteLine($"  {figure}");
    }
}
