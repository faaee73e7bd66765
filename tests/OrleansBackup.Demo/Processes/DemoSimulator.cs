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

    public Uri GraphEndpoint => new(Api.Address, "/v1.0/");
    public Uri Authority => Api.Address;

    private string AddressFile => Path.Combine(folder.Simulator, "address");

    /// <param name="now">What its clock shows at first; time flows on from there.</param>
    /// <param name="limits">False: no request is ever refused for coming too often.</param>
    public async Task StartAsync(DateTimeOffset now, bool limits, CancellationToken cancellation)
    {
        string[] settings = ["--port", "0", "--certificate-out", CertificateFile, "--address-out", AddressFile, .. limits ? [] : new[] { "--no-limits" }];
        _process = ChildProcess.StartDotNet("the simulator", ProgramFiles.Of("OrleansBackup.GraphSimulator"), settings, Path.Combine(folder.Logs, "simulator.log"));
        var address = await new Patience(ThrowIfEnded).ForAsync("the simulator's address", TimeToStart,
            _ => Task.FromResult(File.Exists(AddressFile) && File.ReadAllText(AddressFile).Trim() is { Length: > 0 } text ? text : null), cancellation);
        _api = new SimulatorApi(new Uri(address), CertificateFile);
        await _api.SetClockAsync(now, cancellation);
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
