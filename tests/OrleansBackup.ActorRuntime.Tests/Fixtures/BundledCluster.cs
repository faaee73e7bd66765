using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Hosting;
using OrleansBackup.SqliteStorage;

namespace OrleansBackup.ActorRuntime.Tests.Fixtures;

/// <summary>A silo of the bundled engine.</summary>
internal sealed class TestCluster : ITestCluster
{
    private readonly IHost _host;

    private TestCluster(IHost host) => _host = host;

    public IClusterClient Client => _host.Services.GetRequiredService<IClusterClient>();
    public IServiceProvider Services => _host.Services;

    internal static async Task<ITestCluster> StartAsync(ClusterSettings settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<TimeProvider>(settings.Clock);
        builder.UseOrleans(silo =>
        {
            silo.AddSqliteState(options => options.Path = settings.StateFile, "Default", Given.Storage);
            settings.Configure(silo);
        });
        var host = builder.Build();
        await host.StartAsync();
        return new TestCluster(host);
    }

    public Task StopAsync() => _host.StopAsync();

    public Task KillAsync()
    {
        _host.Dispose(); // without a stop before it, this engine runs no further turn
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
