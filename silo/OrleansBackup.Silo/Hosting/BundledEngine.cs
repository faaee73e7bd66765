using OrleansBackup.GrainInterfaces.Operations;
using OrleansBackup.Grains;
using OrleansBackup.Silo.Cluster;
using OrleansBackup.Silo.Operations;
using OrleansBackup.SqliteStorage;

namespace OrleansBackup.Silo.Hosting;

/// <summary>The bundled engine: grains, state and reminders of one process on one machine. Built when ActorRuntime is Bundled.</summary>
internal static class ActorEngine
{
    /// <summary>Whether several processes can be one service.</summary>
    public static bool CanCluster => false;

    /// <param name="cluster">Not looked at: settings of a cluster are refused by <see cref="ClusterCheck"/>.</param>
    public static void AddActorEngine(this WebApplicationBuilder builder, string dataFolder, ClusterSettings cluster)
    {
        _ = cluster;
        builder.UseOrleans(silo => silo.AddSqliteState(state => state.Path = Path.Combine(dataFolder, "state.db"), StateStores.Default));
        builder.Services.AddSingleton<IOperationsSource, BundledOperations>();
    }

    /// <summary>Pages of the engine's own: none.</summary>
    public static void MapActorEngine(this WebApplication app) => _ = app;
}
