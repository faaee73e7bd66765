using System.CommandLine;

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
        var command = new Command("vault", "First backup of a mail corpus: speed, stored bytes, and the share of the ceiling that is reached.") { corpus, repeats };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(corpus), parsed.GetValue(repeats), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string? corpus, int repeats, CancellationToken cancellation)
    {
        if (corpus is null || !Directory.Exists(Path.Combine(corpus, "mail")) || repeats < 1)
        {
            await Console.Error.WriteLineAsync($"Say where the corpus is (--corpus or {CorpusVariable}; it has a folder mail), and repeat at least once.");
            return 2;
        }
        var messages = Directory.EnumerateFiles(Path.Combine(corpus, "mail"), "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Select(File.ReadAllBytes).ToArray();
        Console.WriteLine($"{Environment.NewLine}first backup of {messages.Length} messages");
        foreach (var figure in await FirstBackupMeasurement.RunAsync(messages, repeats, cancellation))
            Console.WriteLine($"  {figure}");
        return 0;
    }
}
