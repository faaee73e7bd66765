using OrleansBackup.GrainInterfaces.Operations;
using OrleansBackup.Grains;
using OrleansBackup.Silo.Operations;
using OrleansBackup.SqliteStorage;

namespace OrleansBackup.Silo.Hosting;

/// <summary>The bundled engine: grains, state and reminders of one process on one machine. Built when ActorRuntime is Bundled.</summary>
internal static class BundledEngine
{
    public static void AddActorEngine(this WebApplicationBuilder builder, string dataFolder)
    {
        builder.UseOrleans(silo => silo.AddSqliteState(state => state.Path = Path.Combine(dataFolder, "state.db"), StateStores.Default));
        builder.Services.AddSingleton<IOperationsSource, BundledOperations>();
    }
}
