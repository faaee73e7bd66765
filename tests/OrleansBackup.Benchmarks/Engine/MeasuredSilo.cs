using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Hosting;
using OrleansBackup.SqliteStorage;

namespace OrleansBackup.Benchmarks.Engine;

/// <summary>A silo in this process, of the engine that the build has, over a state file in a folder.</summary>
internal sealed class MeasuredSilo : IAsyncDisposable
{
    public const string Storage = "measured";

    private readonly IHost _host;

    private MeasuredSilo(IHost host) => _host = host;

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();
    public IReminderTable Reminders => _host.Services.GetRequiredService<IReminderTable>();

    public IMeasuredGrain Grain(string key) => Grains.GetGrain<IMeasuredGrain>(key);

    public static async Task<MeasuredSilo> StartAsync(string folder, CancellationToken cancellation)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleans(silo =>
        {
            silo.UseOneMachine();
            silo.AddSqliteState(options => options.Path = Path.Combine(folder, "state.db"), Storage);
        });
        var host = builder.Build();
        await host.StartAsync(cancellation);
        return new MeasuredSilo(host);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
