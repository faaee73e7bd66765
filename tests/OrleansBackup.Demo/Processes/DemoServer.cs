using System.Globalization;
using OrleansBackup.Demo.Clients;

namespace OrleansBackup.Demo.Processes;

/// <summary>The server's process: silo and REST API in one, its data in a folder. It can be killed and started again on the same data.</summary>
/// <param name="furtherSettings">Command line settings besides those that every demonstration needs.</param>
public sealed class DemoServer(DemoFolder folder, DemoSimulator simulator, params string[] furtherSettings) : IAsyncDisposable
{
    private const string Silo = "OrleansBackup.Silo";
    private static readonly TimeSpan TimeToStart = TimeSpan.FromSeconds(90);

    private ChildProcess? _process;
    private ServerApi? _api;

    public ServerApi Api => _api ?? throw new DemoFailedException("the server was not started");

    public int ProcessId => _process?.Id ?? throw new DemoFailedException("the server was not started");

    public string ApiKeyFile => Path.Combine(folder.Server, "api-key");

    private string AddressFile => Path.Combine(folder.Server, "address");

    /// <summary>Starts it and returns when it is ready.</summary>
    /// <param name="now">What its clock shows at first; time flows on from there.</param>
    public async Task StartAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        File.Delete(AddressFile); // the one of a killed process would lead nowhere
        _process = ChildProcess.StartDotNet("the server", ProgramFiles.Of(Silo), Settings(now), Path.Combine(folder.Logs, "server.log"));
        var patience = new Patience(ThrowIfEnded);
        var address = await patience.ForAsync("the server's address", TimeToStart, _ => Task.FromResult(ReadIfThere(AddressFile)), cancellation);
        var key = await patience.ForAsync("the server's API key", TimeToStart, _ => Task.FromResult(ReadIfThere(ApiKeyFile)), cancellation);
        _api = new ServerApi(new Uri(address), key);
        await patience.ForAsync("the server to be ready", TimeToStart, async stop => await Api.IsReadyAsync(stop) ? "" : null, cancellation);
    }

    /// <summary>Runs a command of the server's program to its end, with the settings of the server.</summary>
    /// <returns>Its exit status and all that it wrote, which stands in <paramref name="log"/> of the logs too.</returns>
    public async Task<(int ExitStatus, string Said)> RunCommandAsync(DateTimeOffset now, string log, string[] command, CancellationToken cancellation)
    {
        await using var process = ChildProcess.StartDotNet("the command", ProgramFiles.Of(Silo), [.. command, .. Settings(now)], Path.Combine(folder.Logs, log));
        return (await process.EndAsync(cancellation), process.LogTail(int.MaxValue - 1));
    }

    /// <summary>Kills it as <c>kill -9</c> does.</summary>
    public async Task KillAsync(CancellationToken cancellation)
    {
        await _process!.KillAsync(cancellation);
        await StopAsync();
    }

    public void ThrowIfEnded() => _process?.ThrowIfEnded();

    public ValueTask DisposeAsync() => StopAsync();

    private async ValueTask StopAsync()
    {
        _api?.Dispose();
        _api = null;
        if (_process is { } process)
            await process.DisposeAsync();
        _process = null;
    }

    private string[] Settings(DateTimeOffset now) =>
    [
        "--Data:Folder", folder.Server,
        "--Api:Url", "http://127.0.0.1:0",
        "--Graph:Endpoint", simulator.GraphEndpoint.ToString(),
        "--Graph:Authority", simulator.Authority.ToString(),
        "--Graph:TrustedCertificateFile", simulator.CertificateFile,
        "--Clock:Adjustable", "true",
        "--Clock:Start", now.ToString("O", CultureInfo.InvariantCulture),
        .. furtherSettings,
    ];

    private static string? ReadIfThere(string file) =>
        File.Exists(file) && File.ReadAllText(file).Trim() is { Length: > 0 } text ? text : null;
}
