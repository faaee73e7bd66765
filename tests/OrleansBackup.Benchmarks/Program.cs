using System.CommandLine;
using OrleansBackup.Benchmarks;
using OrleansBackup.Benchmarks.Cluster;
using OrleansBackup.Benchmarks.Engine;
using OrleansBackup.Benchmarks.Mail;
using OrleansBackup.Benchmarks.Vault;
using OrleansBackup.Benchmarks.Workloads;

if (args is not [ClusterPhase.Name, ..])
    Console.WriteLine($"Machine: {Machine.This()}");
var command = new RootCommand("Measures OrleansBackup.") { MailBenchmark.Command(), FilesBenchmark.Command(), CollaborationBenchmark.Command(), ItemsBenchmark.Command(), ExportsBenchmark.Command(), EngineBenchmark.Command(), ClusterBenchmark.Command(), ClusterPhase.Command(), VaultBenchmark.Command(), VaultBenchmark.FirstBackupCommand(), VaultBenchmark.ManyItemsCommand(), ReclaimBenchmark.Command() };
var parsed = command.Parse(args);
if (parsed.Errors.Count == 0)
    return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
foreach (var error in parsed.Errors)
    await Console.Error.WriteLineAsync(error.Message);
return 2;
