using System.CommandLine;

namespace OrleansBackup.Chaos;

/// <summary>What can be chosen on the command line. The same seed gives the same world and the same plan.</summary>
public sealed record ChaosOptions
{
    /// <summary>An empty folder, or a new one; logs and data stay in it.</summary>
    public required string Data { get; init; }

    /// <summary>Days of life after the first full backup.</summary>
    public int Days { get; init; } = 4;

    public int Users { get; init; } = 6;

    /// <summary>Processes at the start; the bundled engine has one, whatever is asked for.</summary>
    public int Silos { get; init; } = 3;

    /// <summary>Generated messages in each mailbox at the start.</summary>
    public int Messages { get; init; } = 60;

    public int Seed { get; init; } = 1;

    private static readonly InvocationConfiguration Invocation = new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromMinutes(2) };

    /// <returns>The exit status: 2 for bad options.</returns>
    public static async Task<int> InvokeAsync(string[] arguments, Func<ChaosOptions, CancellationToken, Task<int>> run, CancellationToken cancellation)
    {
        var data = new Option<string>("--data") { Description = "an empty or new folder to write into", HelpName = "DIR", Required = true };
        var (days, users, silos) = (Count("--days", "days of life after the first full backup", 4, 1, 60), Count("--users", "mailboxes of users", 6, 1, 1_000), Count("--silos", "processes at the start", 3, 2, 8));
        var (messages, seed) = (Count("--messages", "messages in each mailbox at the start", 60, 10, 100_000), Count("--seed", "of the world and of the plan", 1, 0, int.MaxValue));
        var command = new RootCommand("Breaks a running service by a plan and compares what it backed up with the truth.") { data, days, users, silos, messages, seed };
        command.SetAction((parsed, stop) => run(new ChaosOptions
        {
            Data = parsed.GetValue(data)!,
            Days = parsed.GetValue(days),
            Users = parsed.GetValue(users),
            Silos = parsed.GetValue(silos),
            Messages = parsed.GetValue(messages),
            Seed = parsed.GetValue(seed),
        }, stop));
        var result = command.Parse(arguments);
        if (result.Errors.Count == 0)
            return await result.InvokeAsync(Invocation, cancellation);
        foreach (var error in result.Errors)
            await Console.Error.WriteLineAsync(error.Message);
        return 2;
    }

    private static Option<int> Count(string name, string description, int normally, int least, int most)
    {
        var option = new Option<int>(name) { Description = $"{description} (default {normally})", HelpName = "N", DefaultValueFactory = _ => normally };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var value) && (value < least || value > most))
                result.AddError($"{name} must be from {least} to {most}");
        });
        return option;
    }
}
