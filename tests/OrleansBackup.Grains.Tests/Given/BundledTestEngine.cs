using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using Orleans.Runtime;

namespace OrleansBackup.Grains.Tests.Given;

/// <summary>What a silo of the bundled engine needs in a test.</summary>
internal static class TestEngine
{
    public static void Configure(ISiloBuilder silo)
    {
        // One process: there is no cluster to configure.
    }

    /// <summary>As a kill: first no turn runs any more, only then is anything else taken away, so that nothing dying can still write.</summary>
    public static Task KillAsync(IHost host)
    {
        host.Services.GetRequiredService<SiloRuntime>().Dispose();
        host.Dispose();
        return Task.CompletedTask;
    }
}
