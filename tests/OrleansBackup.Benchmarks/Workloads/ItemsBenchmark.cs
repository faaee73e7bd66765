using System.CommandLine;
using OrleansBackup.Demo.Clients;
using OrleansBackup.Grains.Runs;

namespace OrleansBackup.Benchmarks.Workloads;

/// <summary>What the events, contacts and tasks of a mailbox in daily backup cost, each by itself, and how much of Graph's own limit that is.</summary>
public static class ItemsBenchmark
{
    // Of an application against one mailbox. Source: Graph throttling limits, "Outlook service limits".
    private const double RequestsASecond = 10_000 / 600.0;

    public static Command Command()
    {
        var items = new Option<int>("--items") { Description = "generated items of each kind", DefaultValueFactory = _ => 1_000 };
        var command = new Command("items", "First backup and run without change of events, contacts and tasks.") { items };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(items), cancellation));
        return command;
    }

    public static async Task<int> RunAsync(int items, CancellationToken cancellation)
    {
        await TellAsync("events", ItemIds.Calendar, ItemKinds.Event, new SimulatedRecipe { MessagesPerMailbox = 0, EventsPerMailbox = items }, cancellation);
        await TellAsync("contacts", ItemIds.Contacts, ItemKinds.Contact, new SimulatedRecipe { MessagesPerMailbox = 0, ContactsPerMailbox = items }, cancellation);
        await TellAsync("tasks", ItemIds.Tasks, ItemKinds.Task, new SimulatedRecipe { MessagesPerMailbox = 0, TasksPerMailbox = items }, cancellation);
        return 0;
    }

    private static async Task TellAsync(string title, string part, string kind, SimulatedRecipe recipe, CancellationToken cancellation)
    {
        await using var mailbox = await MeasuredMailbox.StartAsync(recipe, exports: false, cancellation);
        Console.WriteLine($"{Environment.NewLine}the {title} of a mailbox");
        foreach (var figure in await FirstAndUnchanged.MeasureAsync(
            () => mailbox.Statistics, token => mailbox.BackUpAsync(part, token), [kind], perItem => RequestsASecond / perItem, "10,000 requests in 10 minutes to one mailbox", cancellation))
            Console.WriteLine($"  {figure}");
    }
}
