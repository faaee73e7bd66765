using System.Net;
using System.Net.Sockets;
using Orleans.Dashboard;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;
using OrleansBackup.GrainInterfaces.Operations;
using OrleansBackup.Grains;
using OrleansBackup.Silo.Cluster;
using OrleansBackup.Silo.Operations;
using OrleansBackup.SqliteStorage;

namespace OrleansBackup.Silo.Hosting;

/// <summary>Microsoft Orleans: a silo of a cluster, or alone on one machine over the same state file as the bundled engine. Built when ActorRuntime is Orleans.</summary>
/// <remarks>Alone, membership is in memory, so the process is a cluster of one; it takes a free port for itself and opens no gateway for other clients.</remarks>
internal static class ActorEngine
{
    private const string Name = "orleansbackup";

    /// <summary>Whether several processes can be one service.</summary>
    public static bool CanCluster => true;

    public static void AddActorEngine(this WebApplicationBuilder builder, string dataFolder, ClusterSettings cluster)
    {
        builder.UseOrleans(silo =>
        {
            if (cluster.IsCluster)
            {
                silo.JoinCluster(cluster);
            }
            else
            {
                silo.UseLocalhostClustering(siloPort: FreePort(), gatewayPort: 0, serviceId: Name, clusterId: Name);
                silo.AddSqliteState(state => state.Path = Path.Combine(dataFolder, "state.db"), StateStores.Default);
            }
            silo.AddActivityPropagation(); // a trace goes on where a call goes to another silo
            silo.AddDashboard(dashboard => dashboard.HideTrace = true); // the log belongs to whoever collects it, not on a page
            silo.Services.AddSingleton<OrleansCallMeter>();
            silo.Services.AddSingleton<IIncomingGrainCallFilter>(services => services.GetRequiredService<OrleansCallMeter>());
        });
        builder.Services.AddSingleton<IOperationsSource, OrleansOperations>();
    }

    /// <summary>The dashboard of Orleans, every path of it behind the operators' sign-in: it shows the state of grains.</summary>
    public static void MapActorEngine(this WebApplication app) => app.MapOrleansDashboard("/dashboard").Needs(Permission.OperateService).ForPersons().ExcludeFromDescription();

    // Two servers on one machine, each with its own data folder, must not want the same port.
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
