using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using OrleansBackup.SqliteStorage;

namespace OrleansBackup.ActorRuntime.Tests.Fixtures;

/// <summary>A silo of Microsoft Orleans on free loopback ports.</summary>
internal sealed class TestCluster : ITestCluster
{
    private readonly IHost _host;

    private TestCluster(IHost host) => _host = host;

    public IClusterClient Client => _host.Services.GetRequiredService<IClusterClient>();
    public IServiceProvider Services => _host.Services;

    internal static async Task<ITestCluster> StartAsync(ClusterSettings settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(settings.Clock);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(FreePort(), FreePort());
            silo.Configure<ClusterMembershipOptions>(options => options.NumMissedProbesLimit = 100);
            silo.AddSqliteState(options => options.Path = settings.StateFile, "Default", Given.Storage);
            settings.Configure(silo);
        });
        var host = builder.Build();
        await host.StartAsync();
        return new TestCluster(host);
    }

    public Task StopAsync() => _host.StopAsync();

    public async Task KillAsync()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await _host.StopAsync(cancelled.Token); // a stop with no time left is what Orleans knows as abrupt
        _host.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
