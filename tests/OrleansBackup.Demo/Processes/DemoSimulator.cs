using OrleansBackup.Demo.Clients;

namespace OrleansBackup.Demo.Processes;

/// <summary>The simulator's process: Microsoft 365 as far as the server can tell, over HTTPS with its own certificate.</summary>
public sealed class DemoSimulator(DemoFolder folder) : IAsyncDisposable
{
    private static readonly TimeSpan TimeToStart = TimeSpan.FromSeconds(60);

    private ChildProcess? _process;
    private SimulatorApi? _api;

    public SimulatorApi Api => _api ?? throw new DemoFailedException("the simulator was not started");

    public int ProcessId => _process?.Id ?? throw new DemoFailedException("the simulator was not started");

    /// <summary>The certificate that a client has to trust, as PEM.</summary>
    public string CertificateFile => Path.Combine(folder.Simulator, "certificate.pem");

    public Uri GraphEndpoint => Api.Address;
    public Uri Authority => Api.Address;

    private string AddressFile => Path.Combine(folder.Simulator, "address");

    public async Task StartAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        _process = ChildProcess.StartDotNet("the simulator", ProgramFiles.Of("OrleansBackup.GraphSimulator"), [], Path.Combine(folder.Logs, "simulator.log"));
        await new Patience(ThrowIfEnded).ForAsync("the simulator's address", TimeToStart, _ => Task.FromResult<string?>(AddressFile), cancellation);
        _api = new SimulatorApi(new Uri("https://localhost"));
    }

    public void ThrowIfEnded() => _process?.ThrowIfEnded();

    public async ValueTask DisposeAsync()
    {
        _api?.Dispose();
        if (_process is { } process)
            await process.DisposeAsync();
        _process = null;
    }
}
