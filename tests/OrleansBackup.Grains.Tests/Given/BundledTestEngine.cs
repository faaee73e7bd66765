using Microsoft.Extensions.Hosting;
using Orleans.Hosting;

namespace OrleansBackup.Grains.Tests.Given;

/// <summary>What a silo of the bundled engine needs in a test.</summary>
internal static class TestEngine
{
    public static void Configure(ISiloBuilder silo)
    {
        // One process: there is no cluster to configure.
    }

    /// <summary>As a kill: without a stop before it, this engine runs no further turn.</summary>
    public static Task KillAsync(IHost host)
    {
        host.Dispose();
        return Task.CompletedTask;
    }
}
