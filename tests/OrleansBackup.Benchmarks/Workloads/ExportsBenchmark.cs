using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using OrleansBackup.Demo.Clients;

namespace OrleansBackup.Benchmarks.Workloads;

/// <summary>What the exact way of mailbox items costs beside the classic one alone: requests, stored bytes, and how fast each may be under Microsoft's limits.</summary>
public static class ExportsBenchmark
{
    // Of an application against one mailbox. Source: Graph throttling limits, "Outlook service limits".
    private const double RequestsASecond = 10_000 / 600.0;
    private const double UploadedBytesASecond = 150e6 / 300;

    public static Command Command()
    {
        var messages = new Option<int>("--messages") { Description = "generated messages of the mailbox", DefaultValueFactory = _ => 500 };
        var items = new Option<int>("--items") { Description = "generated events, contacts and tasks, so many of each", DefaultValueFactory = _ => 100 };
        var command = new Command("exports", "A mailbox backed up and put back the classic way and with Exchange's own form of its items, as ratios.") { messages, items };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(messages), parsed.GetValue(items), cancellation));
        return command;
    }

    public static async Task<int> RunAsync(int messages, int items, CancellationToken cancellation)
    {
        var classic = await MeasureAsync(messages, items, exports: false, cancellation);
        var exact = await MeasureAsync(messages, items, exports: true, cancellation);
        Console.WriteLine($"{Environment.NewLine}a mailbox of {messages} messages and {items} each of events, contacts and tasks");
        Console.WriteLine($"  {"",-62} {"classic",12} {"with export",12} {"ratio",7}");
        Tell("backup: requests per item", way => (double)way.Backup.Requests / way.Items);
        Tell("backup: received bytes per item", way => (double)way.Backup.BytesReceived / way.Items);
        Tell("backup: stored bytes per item", way => (double)way.StoredBytes / way.Items);
        Tell("backup: items/s that Microsoft's limits allow", way => RequestsASecond / ((double)way.Backup.Requests / way.Items));
        Tell("backup: items/s here", way => way.Items / way.BackupTime.TotalSeconds);
        Tell("run without change: requests", way => way.Unchanged.Requests);
        Tell("restore: requests per item", way => (double)way.Restore.Requests / way.Restored);
        Tell("restore: sent bytes per item", way => (double)way.Restore.BytesSent / way.Restored);
        Tell("restore: items/s that Microsoft's limits allow",
            way => Math.Min(RequestsASecond / ((double)way.Restore.Requests / way.Restored), UploadedBytesASecond / ((double)way.Restore.BytesSent / way.Restored)));
        Tell("restore: items/s here", way => way.Restored / way.RestoreTime.TotalSeconds);
        Tell("restore: items that came back with losses, in a hundred", way => 100.0 * way.WithLosses / way.Restored);
        return 0;

        void Tell(string what, Func<Way, double> of) =>
            Console.WriteLine($"  {what,-62} {Number(of(classic)),12} {Number(of(exact)),12} {(of(classic) == 0 ? "" : Number(of(exact) / of(classic))),7}");
    }

    private static async Task<Way> MeasureAsync(int messages, int items, bool exports, CancellationToken cancellation)
    {
        await using var mailbox = await MeasuredMailbox.StartAsync(
            new SimulatedRecipe { MessagesPerMailbox = messages, EventsPerMailbox = items, ContactsPerMailbox = items, TasksPerMailbox = items }, exports, cancellation);
        var (before, watch) = (mailbox.Statistics, Stopwatch.StartNew());
        var point = await mailbox.BackUpAsync(part: null, cancellation);
        var (backup, backupTime, stored) = (mailbox.Statistics.Since(before), watch.Elapsed, mailbox.StoredBytes());
        before = mailbox.Statistics;
        await mailbox.BackUpAsync(part: null, cancellation);
        var unchanged = mailbox.Statistics.Since(before);
        (before, watch) = (mailbox.Statistics, Stopwatch.StartNew());
        var ledger = await mailbox.RestoreAsync(point, cancellation);
        return new Way(point.ItemsByKind.Where(kind => Grains.Runs.ItemKinds.IsItem(kind.Key)).Sum(kind => kind.Value), backup, backupTime, stored, unchanged,
            mailbox.Statistics.Since(before), watch.Elapsed, ledger.Restored, ledger.WithLosses);
    }

    private static string Number(double value) => value.ToString(value < 100 ? "0.00" : "0", CultureInfo.InvariantCulture);

    private sealed record Way(long Items, Microsoft365.GraphStatistics Backup, TimeSpan BackupTime, long StoredBytes, Microsoft365.GraphStatistics Unchanged,
        Microsoft365.GraphStatistics Restore, TimeSpan RestoreTime, int Restored, int WithLosses);
}
