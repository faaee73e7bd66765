using System.CommandLine;

namespace OrleansBackup.Demo;

/// <summary>What can be chosen on the command line. The defaults make a demonstration that takes a minute or two.</summary>
public sealed record DemoOptions
{
    public static DemoOptions Default { get; } = new();

    /// <summary>A folder of .eml files, searched with all below it; null: generated mail only.</summary>
    public string? Mail { get; init; }

    /// <summary>Users with a mailbox; shared, room and equipment mailboxes come on top.</summary>
    public int Users { get; init; } = 8;

    /// <summary>Days of life after the first full backup.</summary>
    public int Days { get; init; } = 5;

    /// <summary>Generated messages in each mailbox at the start.</summary>
    public int Messages { get; init; } = 60;

    /// <summary>Where everything is written.</summary>
    public string Data { get; init; } = ".demo";

    /// <summary>End after the comparison instead of staying up.</summary>
    public bool Exit { get; init; }

    /// <summary>Kill the server in the middle of the first full backup, and start it again.</summary>
    public bool Kill { get; init; }

    /// <summary>After Ctrl-C the processes are stopped in good order, which may take a while.</summary>
    private static readonly InvocationConfiguration Invocation = new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromMinutes(1) };

    /// <summary>Reads the command line and calls <paramref name="run"/>; bad options are told on the error output.</summary>
    /// <returns>The exit status: 2 for bad options.</returns>
    public static async Task<int> InvokeAsync(string[] arguments, Func<DemoOptions, CancellationToken, Task<int>> run, CancellationToken cancellation)
    {
        var mail = new Option<string?>("--mail") { Description = "load every .eml file below this folder", HelpName = "DIR" };
        var users = Count("--users", "mailboxes of users", Default.Users, 1, 10_000);
        var days = Count("--days", "days of life after the first full backup", Default.Days, 1, 365);
        var messages = Count("--messages", "generated messages in each mailbox at the start", Default.Messages, 10, 1_000_000);
        var data = new Option<string>("--data") { Description = "folder to write into", HelpName = "DIR", DefaultValueFactory = _ => Default.Data };
        var exit = new Option<bool>("--exit") { Description = "end after the comparison" };
        var kill = new Option<bool>("--kill") { Description = "kill the server during the first full backup", Hidden = true };
        mail.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } folder && !Directory.Exists(folder))
                result.AddError($"--mail: there is no folder {folder}");
        });
        var command = new RootCommand("Shows OrleansBackup at work against a simulated Microsoft 365.") { mail, users, days, messages, data, exit, kill };
        command.SetAction((parsed, stop) => run(new DemoOptions
        {
            Mail = parsed.GetValue(mail),
            Users = parsed.GetValue(users),
            Days = parsed.GetValue(days),
            Messages = parsed.GetValue(messages),
            Data = parsed.GetValue(data)!,
            Exit = parsed.GetValue(exit),
            Kill = parsed.GetValue(kill),
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
