using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using OrleansBackup.Grains;

namespace OrleansBackup.Benchmarks.Cluster;

/// <summary>The state file of the bundled engine, as a measurement sees it. Built when ActorRuntime is Bundled.</summary>
internal static class DatabaseOfTheBuild
{
    private static readonly StateWrites States = new();
    private static ReminderWrites? _reminders;

    public const string Name = "SQLite";

    /// <summary>Nothing has to be started.</summary>
    public static Task<(IAsyncDisposable? Server, ClusterConnections? Connections)> StartAsync(CancellationToken cancellation) =>
        Task.FromResult<(IAsyncDisposable?, ClusterConnections?)>((null, null));

    /// <summary>No settings beside those of every server.</summary>
    public static IEnumerable<string> Settings(ClusterPlan plan, World world) => [];

    /// <summary>Counts what goes into the file.</summary>
    public static void Observe(IServiceCollection services)
    {
        var storage = services.Last(service => service.ServiceType == typeof(IGrainStorage) && Equals(service.ServiceKey, StateStores.Default));
        services.AddKeyedSingleton<IGrainStorage>(StateStores.Default, (provider, key) => States.Over((IGrainStorage)storage.KeyedImplementationFactory!(provider, key)));
        var table = services.Last(service => service.ServiceType == typeof(IReminderTable)).ImplementationType!;
        services.AddSingleton<IReminderTable>(provider => _reminders = new ReminderWrites((IReminderTable)ActivatorUtilities.CreateInstance(provider, table)));
    }

    public static Task<DatabaseTraffic> ReadTrafficAsync(ClusterPlan plan, World world, CancellationToken cancellation) =>
        Task.FromResult(new DatabaseTraffic(States.Count, _reminders?.Count ?? 0, TimeSpan.Zero));

    public static Task<DatabaseSize> ReadSizeAsync(ClusterPlan plan, World world, CancellationToken cancellation) =>
        Task.FromResult(new DatabaseSize("state.db and its log", Directory.EnumerateFiles(MeasuredServer.DataFolder(plan, world), "state.db*").Sum(file => new FileInfo(file).Length)));

    /// <summary>The bundled engine reads its reminders once, at its start.</summary>
    public static Task<IReadOnlyList<Figure>> MeasureRefreshAsync(ClusterPlan plan, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<Figure>>([]);

    private sealed class StateWrites
    {
        private long _count;

        public long Count => Interlocked.Read(ref _count);

        public IGrainStorage Over(IGrainStorage inner) => new Counting(inner, this);

        private sealed class Counting(IGrainStorage inner, StateWrites counter) : IGrainStorage
        {
            public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ReadStateAsync(stateName, grainId, grainState);

            public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
            {
                Interlocked.Increment(ref counter._count);
                return inner.WriteStateAsync(stateName, grainId, grainState);
            }

            public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
            {
                Interlocked.Increment(ref counter._count);
                return inner.ClearStateAsync(stateName, grainId, grainState);
            }
        }
    }

    private sealed class ReminderWrites(IReminderTable inner) : IReminderTable
    {
        private long _count;

        public long Count => Interlocked.Read(ref _count);

        public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken = default) => inner.StopAsync(cancellationToken);

        public Task<ReminderTableData> ReadRows(GrainId grainId) => inner.ReadRows(grainId);

        public Task<ReminderTableData> ReadRows(uint begin, uint end) => inner.ReadRows(begin, end);

        public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) => inner.ReadRow(grainId, reminderName);

        public Task<string?> UpsertRow(ReminderEntry entry)
        {
            Interlocked.Increment(ref _count);
            return inner.UpsertRow(entry);
        }

        public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag)
        {
            Interlocked.Increment(ref _count);
            return inner.RemoveRow(grainId, reminderName, eTag);
        }

        public Task TestOnlyClearTable() => inner.TestOnlyClearTable();
    }
}
