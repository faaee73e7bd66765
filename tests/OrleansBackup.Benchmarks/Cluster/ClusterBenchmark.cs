using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using OrleansBackup.Benchmarks.Engine;
using OrleansBackup.Silo.Commands;

namespace OrleansBackup.Benchmarks.Cluster;

/// <summary>The service at the size that it is made for, on one small machine: 100,000 mailboxes registered, started, at rest, active, backed up, and all overdue at once.</summary>
public static class ClusterBenchmark
{
    private static readonly (string Phase, string Title)[] Parts =
    [
        ("empty", ""),
        ("register", "registration"),
        ("idle", "start, rest and reminders"),
        ("overdue", ""),
        ("disaster", "all overdue, one server"),
        ("runs", "daily runs without change"),
        ("pass", ""),
        ("history", "after sixty days"),
    ];

    public static Command Command()
    {
        var defaults = new ClusterPlan { Folder = "", VaultFolder = "" };
        var tenants = new Option<int>("--tenants") { Description = "tenants of the registered estate", DefaultValueFactory = _ => defaults.Tenants };
        var mailboxes = new Option<int>("--mailboxes") { Description = "mailboxes of each", DefaultValueFactory = _ => defaults.MailboxesOfTenant };
        var active = new Option<int>("--active") { Description = "mailboxes to activate", DefaultValueFactory = _ => defaults.Active };
        var running = new Option<int>("--running") { Description = "mailboxes to back up day after day, over eight tenants", DefaultValueFactory = _ => defaults.Running };
        var messages = new Option<int>("--messages") { Description = "messages in each mailbox", DefaultValueFactory = _ => defaults.Messages };
        var days = new Option<int>("--days") { Description = "days without change that are measured", DefaultValueFactory = _ => defaults.Days };
        var only = new Option<string[]>("--only") { Description = $"these parts only, of {string.Join(", ", Parts.Select(part => part.Phase))}", AllowMultipleArgumentsPerToken = true };
        var book = new FigureBookOptions();
        var command = new Command("cluster", $"The service at its size, on {EngineOfTheBuild.Name}.") { tenants, mailboxes, active, running, messages, days, only };
        book.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var plan = defaults with
            {
                Tenants = parsed.GetValue(tenants), MailboxesOfTenant = parsed.GetValue(mailboxes), Active = parsed.GetValue(active),
                Running = parsed.GetValue(running), Messages = parsed.GetValue(messages), Days = parsed.GetValue(days),
            };
            return await RunAsync(plan, parsed.GetValue(only) ?? [], book.Read(parsed), cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(ClusterPlan plan, string[] only, FigureBook book, CancellationToken cancellation)
    {
        Console.WriteLine($"Engine: {EngineOfTheBuild.Name}, state in {DatabaseOfTheBuild.Name}; {TimeProvider.System.GetUtcNow():yyyy-MM-dd}");
        book.Head();
        var memory = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        plan = plan with { Folder = Directory.CreateTempSubdirectory("cluster-benchmark-").FullName, VaultFolder = Path.Combine(memory, $"cluster-benchmark-{Environment.ProcessId}") };
        var (database, connections) = await DatabaseOfTheBuild.StartAsync(cancellation);
        try
        {
            plan = plan with { Connections = connections };
            await MakeKeysAsync(Path.Combine(plan.Folder, "keys"));
            plan.Write(PlanFile(plan));
            foreach (var (phase, title) in Parts.Where(part => only.Length == 0 || only.Contains(part.Phase)))
            {
                var figures = await RunPhaseAsync(plan, phase, cancellation);
                if (title.Length > 0)
                    book.Tell(title, figures);
            }
            book.Save();
            return 0;
        }
        finally
        {
            if (database is not null)
                await database.DisposeAsync();
            Directory.Delete(plan.Folder, recursive: true);
            if (Directory.Exists(plan.VaultFolder))
                Directory.Delete(plan.VaultFolder, recursive: true);
        }
    }

    /// <summary>What every silo of a cluster has alike, made by the server's own commands.</summary>
    private static async Task MakeKeysAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        var console = Console.Out;
        Console.SetOut(TextWriter.Null);
        try
        {
            await ServerProgram.RunAsync(["make-key", Path.Combine(folder, "provider.key")]);
            await ServerProgram.RunAsync(["make-api-key", Path.Combine(folder, "api-key")]);
            await ServerProgram.RunAsync(["make-deletion-key", Path.Combine(folder, "deletion.pem")]);
        }
        finally
        {
            Console.SetOut(console);
        }
    }

    private static async Task<IReadOnlyList<Figure>> RunPhaseAsync(ClusterPlan plan, string phase, CancellationToken cancellation)
    {
        // The server's log goes where logs go: to somebody who reads it, here to a file.
        var log = Path.Combine(plan.Folder, $"log-{phase}");
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        string[] arguments = [typeof(ClusterBenchmark).Assembly.Location, ClusterPhase.Name, phase, PlanFile(plan)];
        foreach (var argument in Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? arguments : arguments[1..])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        try
        {
            await using (var file = File.Create(log))
                await process.StandardOutput.BaseStream.CopyToAsync(file, cancellation);
            await process.WaitForExitAsync(cancellation);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
        if (process.ExitCode != 0)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The part '{phase}' ended with status {process.ExitCode}: {string.Join('\n', File.ReadLines(log).TakeLast(5))}"));
        return JsonSerializer.Deserialize<List<Figure>>(await File.ReadAllTextAsync(ClusterPhase.FiguresFile(plan, phase), cancellation))!;
    }

    private static string PlanFile(ClusterPlan plan) => Path.Combine(plan.Folder, "plan.json");
}
