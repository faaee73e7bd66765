using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Reminders;
using Orleans.Runtime;
using OrleansBackup.SqliteStorage;

namespace OrleansBackup.ActorRuntime.Tests.Fixtures;

/// <summary>A silo of Microsoft Orleans on free loopback ports.</summary>
internal sealed class TestCluster : ITestCluster
{
    private static readonly TimeSpan StopBound = TimeSpan.FromSeconds(10);
    private readonly IHost _host;

    private TestCluster(IHost host) => _host = host;

    public IClusterClient Client => _host.Services.GetRequiredService<IClusterClient>();
    public IServiceProvider Services => _host.Services;

    internal static async Task<ITestCluster> StartAsync(ClusterSettings settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        UseClock(builder.Services, settings.Clock);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(FreePort(), FreePort());
            silo.Configure<ReminderOptions>(options => options.ReminderLoadingWindow = TimeSpan.FromDays(10));
            silo.AddSqliteState(options => options.Path = settings.StateFile, "Default", Given.Storage);
            settings.Configure(silo);
        });
        var host = builder.Build();
        await host.StartAsync();
        return new TestCluster(host);
    }

    /// <summary>What grains and tests see of time is the test's clock; the silo's own loops keep to the system's.</summary>
    /// <remarks>Membership, gateways and the like wait for one another while a silo starts, and stand still on a clock that does.</remarks>
    private static void UseClock(IServiceCollection services, ManualClock clock)
    {
        services.AddSingleton<TimeProvider>(clock);
        services.AddKeyedSingleton(KeyedService.AnyKey, TimeProvider.System);
        services.AddKeyedSingleton<TimeProvider>(TimeProviderNames.Grains, clock);
        services.AddKeyedSingleton<TimeProvider>(ReminderTimeProviderNames.Reminders, new SelfNudgingClock(clock));
    }

    public async Task StopAsync()
    {
        // Bounded by the machine's time: a grain that a failed test left waiting would keep the silo, whose own bounds
        // go by a clock that nobody moves any more.
        using var bound = new CancellationTokenSource(StopBound);
        await _host.StopAsync(bound.Token);
    }

    public async Task KillAsync()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await _host.StopAsync(cancelled.Token); // a stop with no time left is what Orleans knows as abrupt
        _host.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _host.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
