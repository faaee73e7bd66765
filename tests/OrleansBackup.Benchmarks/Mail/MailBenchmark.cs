using System.CommandLine;
using OrleansBackup.Benchmarks.Limits;

namespace OrleansBackup.Benchmarks.Mail;

/// <summary>What a mailbox in daily backup costs, measured from outside: the server as a process, the simulator as Microsoft 365.</summary>
public static class MailBenchmark
{
    public static Command Command()
    {
        var defaults = new MailBenchmarkOptions();
        var mailboxes = new Option<int>("--mailboxes") { Description = "mailboxes of the everyday measurement", DefaultValueFactory = _ => defaults.Mailboxes };
        var messages = new Option<int>("--messages") { Description = "generated messages in each", DefaultValueFactory = _ => defaults.Messages };
        var large = new Option<int>("--large") { Description = "generated messages of the one large mailbox; 0 leaves it out", DefaultValueFactory = _ => defaults.LargeMailbox };
        var mail = new Option<string?>("--mail") { Description = "load every .eml file below this folder as well" };
        var command = new Command("mail", "First backup, run without change, restore, a large mailbox, and Microsoft's limits.") { mailboxes, messages, large, mail };
        command.SetAction((parsed, cancellation) => RunAsync(new MailBenchmarkOptions
        {
            Mailboxes = parsed.GetValue(mailboxes),
            Messages = parsed.GetValue(messages),
            LargeMailbox = parsed.GetValue(large),
            Mail = parsed.GetValue(mail),
        }, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(MailBenchmarkOptions options, CancellationToken cancellation)
    {
        await TellAsync(LimiterMeasurement.Title, Task.Run(LimiterMeasurement.Run, cancellation));
        await TellAsync($"{options.Mailboxes} mailboxes of {options.Messages} generated messages{(options.Mail is null ? "" : " and real ones")}",
            EverydayMeasurement.RunAsync(options, cancellation));
        if (options.LargeMailbox > 0)
            await TellAsync($"one mailbox of {options.LargeMailbox} generated messages", LargeMailboxMeasurement.RunAsync(options.LargeMailbox, cancellation));
        return 0;
    }

    private static async Task TellAsync(string title, Task<IReadOnlyList<Figure>> measurement)
    {
        Console.WriteLine($"{Environment.NewLine}{title}");
        foreach (var figure in await measurement)
            Console.WriteLine($"  {figure}");
    }
}
