using OrleansBackup.ClientApi;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.CloudStores.Azure;
using OrleansBackup.Grains.Composition;
using OrleansBackup.PostgresSchema;
using OrleansBackup.Silo.Cluster;
using OrleansBackup.Silo.Hosting;
using OrleansBackup.Silo.Startup;
using OrleansBackup.Silo.Stores;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Keys.Destruction;

namespace OrleansBackup.Silo.Commands;

/// <summary>What the program does: serve, unless its first word names one of the small jobs that are done once, before the silos of a cluster start.</summary>
public static class ServerProgram
{
    /// <returns>0: done, or stopped in order; 1: not possible, with one line on standard error that says what to do.</returns>
    public static Task<int> RunAsync(string[] args) => args switch
    {
        ["migrate", .. var settings] => ReportAsync(() => MigrateAsync(settings)),
        [RecoverCommand.Name, .. var settings] => RecoverCommand.RunAsync(settings),
        ["make-containers", .. var settings] => ReportAsync(() => MakeContainersAsync(settings)),
        ["make-key", var file] => ReportAsync(() => MakeAsync(file, path => KeyFile.Create(path))),
        ["make-api-key", var file] => ReportAsync(() => MakeAsync(file, path => FirstApiKey.ReadOrCreate(NotThere(path)))),
        ["make-deletion-key", var file] => ReportAsync(() => MakeAsync(file, path => DeletionSigner.Create(path).Dispose())),
        [var word, ..] when !word.StartsWith('-') && !word.Contains('=', StringComparison.Ordinal) => ReportAsync(() => throw new ConfigurationProblemException(
            $"There is no command '{string.Join(' ', args)}': migrate [settings], recover --why <reason> [settings], make-containers [settings], make-key <file>, make-api-key <file>, make-deletion-key <file>, or settings alone to serve.")),
        _ => SiloHost.RunAsync(args),
    };

    private static async Task<int> ReportAsync(Func<Task> work)
    {
        try
        {
            await work();
            return 0;
        }
        catch (Exception error) when (StartupProblem.Explain(error) is { } line)
        {
            await Console.Error.WriteLineAsync($"OrleansBackup cannot do this: {line}");
            return 1;
        }
    }

    private static async Task MigrateAsync(string[] args)
    {
        var builder = SettingsFile.CreateBuilder(args);
        var settings = builder.Configuration.GetSection(ClusterSettings.Section).Get<ClusterSettings>() ?? new();
        string[] problems = settings.IsCluster ? [.. ClusterCheck.DatabaseProblems(settings)] : ["Cluster:ConnectionString is not set: name the PostgreSQL database of the cluster."];
        if (problems.Length > 0)
            throw new ConfigurationProblemException(string.Join(' ', problems));
        using var logs = LoggerFactory.Create(logging => logging.AddConsole());
        await using var database = new ClusterDatabase(Microsoft.Extensions.Options.Options.Create(settings), logs, TimeProvider.System);
        var (from, to) = await database.MigrateAsync(CancellationToken.None);
        Console.WriteLine(from == to
            ? $"{DatabaseProblems.NameOf(database.Source)} has its tables already (version {to}); nothing was changed."
            : $"{DatabaseProblems.NameOf(database.Source)} has tables of version {to} now; it had {(from == 0 ? "none" : $"version {from}")}.");
    }

    private static async Task MakeContainersAsync(string[] args)
    {
        var stores = SettingsFile.CreateBuilder(args).Configuration.GetSection(StoresOptions.Section).Get<StoresOptions>() ?? new();
        var factory = new AzureStoreFactory();
        var azure = stores.Stores.Where(store => store.Value.Kind == factory.Kind).ToList();
        if (azure.Count == 0)
            throw new ConfigurationProblemException("Vault:Stores names no store of kind azure: only such a store has a container that can be made.");
        if (azure.SelectMany(store => factory.Problems(store.Value).Select(problem => $"{StoresOptions.Section}:{nameof(StoresOptions.Stores)}:{store.Key}:{problem}")).ToList() is { Count: > 0 } problems)
            throw new ConfigurationProblemException(string.Join(' ', problems));
        foreach (var (name, settings) in azure)
        {
            using var store = (AzureBlobStore)factory.Create(settings, TimeProvider.System);
            await store.CreateContainerAsync(CancellationToken.None);
            Console.WriteLine($"Store '{name}' has its container.");
        }
    }

    private static string NotThere(string path) => File.Exists(path) ? throw new IOException("It exists already.") : path;

    private static Task MakeAsync(string file, Action<string> make)
    {
        try
        {
            make(Path.GetFullPath(file));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationProblemException($"'{file}' cannot be made: {error.Message} A key is never overwritten.");
        }
        Console.WriteLine($"'{file}' holds a new key. Keep a copy in a safe place; give every silo of the cluster the same one, with mode 600.");
        return Task.CompletedTask;
    }
}
