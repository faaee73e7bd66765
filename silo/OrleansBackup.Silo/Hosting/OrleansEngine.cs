using System.Net;
using System.Net.Sockets;
using OrleansBackup.GrainInterfaces.Operations;
using OrleansBackup.Grains;
using OrleansBackup.Silo.Operations;
using OrleansBackup.SqliteStorage;

namespace OrleansBackup.Silo.Hosting;

/// <summary>Microsoft Orleans on one machine, over the same state file. Built when ActorRuntime is Orleans.</summary>
/// <remarks>Membership is in memory, so the process is a cluster of one; it takes a free port for itself and opens no gateway for other clients.</remarks>
internal static class OrleansEngine
{
    private const string Name = "orleansbackup";

    public static void AddActorEngine(this WebApplicationBuilder builder, string dataFolder)
    {
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(siloPort: FreePort(), gatewayPort: 0, serviceId: Name, clusterId: Name);
            silo.AddSqliteState(state => state.Path = Path.Combine(dataFolder, "state.db"), StateStores.Default);
            silo.Services.AddSingleton<OrleansCallMeter>();
            silo.Services.AddSingleton<IIncomingGrainCallFilter>(services => services.GetRequiredService<OrleansCallMeter>());
        });
        builder.Services.AddSingleton<IOperationsSource, OrleansOperations>();
    }

    // Two servers on one machine, each with its own data folder, must not want the same port.
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
