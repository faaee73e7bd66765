using Microsoft.Extensions.Hosting;
using Orleans.Hosting;

namespace OrleansBackup.Grains.Tests.Given;

/// <summary>What a silo of Orleans needs in a test.</summary>
internal static class TestEngine
{
    private static int _port = 21_000 + (Environment.ProcessId % 2_000);

    public static void Configure(ISiloBuilder silo) =>
        silo.UseLocalhostClustering(Interlocked.Increment(ref _port), Interlocked.Increment(ref _port));

    /// <summary>As near to a kill as one process comes: a stop that has no time left.</summary>
    public static async Task KillAsync(IHost host)
    {
        using var noTime = new CancellationTokenSource();
        await noTime.CancelAsync();
        try
        {
            await host.StopAsync(noTime.Token);
        }
        catch (OperationCanceledException)
        {
            // that is the point
        }
        host.Dispose();
    }
}
