using Orleans;
using Orleans.Hosting;

namespace OrleansBackup.ActorRuntime.Tests.Fixtures;

/// <summary>One silo under test, whichever engine runs it, over a state file that outlives it.</summary>
internal interface ITestCluster : IAsyncDisposable
{
    IClusterClient Client { get; }
    IServiceProvider Services { get; }

    /// <summary>Graceful: grains are told.</summary>
    Task StopAsync();

    /// <summary>Abrupt: as if the process had been killed. Nothing of the silo runs any more.</summary>
    Task KillAsync();
}

/// <summary>What a test wants of its silo.</summary>
internal sealed record ClusterSettings
{
    public required string StateFile { get; init; }
    public required ManualClock Clock { get; init; }
    public Action<ISiloBuilder> Configure { get; init; } = _ => { };
}
