using Orleans;
using Orleans.Hosting;

namespace OrleansBackup.ActorRuntime.Tests.Fixtures;

/// <summary>Where every test starts: a folder of its own, a clock of its own, and silos over both, one after the other.</summary>
public sealed class Given : IAsyncDisposable
{
    public const string Storage = "states";

    /// <summary>How long a test waits for what must happen before it says that it did not. Long, because machines are shared.</summary>
    public static readonly TimeSpan Patience = Hang.Limit;

    private readonly string _folder = Directory.CreateTempSubdirectory("actor-runtime-").FullName;
    private ITestCluster? _cluster;

    public ManualClock Clock { get; } = new();
    public string StateFile => Path.Combine(_folder, "state.db");
    public IClusterClient Client => _cluster!.Client;
    public IServiceProvider Services => _cluster!.Services;
    private Action<ISiloBuilder> Configure { get; set; } = _ => { };

    public static async Task<Given> ASilo(Action<ISiloBuilder>? configure = null)
    {
        var given = new Given { Configure = configure ?? (_ => { }) };
        await given.Start();
        return given;
    }

    public async Task Start() =>
        _cluster = await TestCluster.StartAsync(new ClusterSettings { StateFile = StateFile, Clock = Clock, Configure = Configure });

    public async Task Stop()
    {
        await _cluster!.DisposeAsync();
        _cluster = null;
    }

    public async Task Kill()
    {
        await _cluster!.KillAsync();
        _cluster = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
            await Stop();
        Directory.Delete(_folder, recursive: true);
    }
}
