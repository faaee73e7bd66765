using System.Net;
using System.Net.Sockets;
using Orleans.Hosting;

namespace OrleansBackup.Benchmarks.Engine;

/// <summary>Microsoft Orleans as a cluster of one. Built when ActorRuntime is Orleans.</summary>
internal static class EngineOfTheBuild
{
    public const string Name = "Microsoft Orleans";

    public static ISiloBuilder UseOneMachine(this ISiloBuilder silo)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return silo.UseLocalhostClustering(siloPort: ((IPEndPoint)listener.LocalEndpoint).Port, gatewayPort: 0);
    }
}
