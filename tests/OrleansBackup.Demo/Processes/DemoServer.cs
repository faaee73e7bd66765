using System.Globalization;
using OrleansBackup.Demo.Clients;

namespace OrleansBackup.Demo.Processes;

/// <summary>The server's process: silo and REST API in one, its data in a folder. It can be killed and started again on the same data.</summary>
/// <param name="furtherSettings">Command line settings besides those that every demonstration needs.</param>
public sealed class DemoServer(DemoFolder folder, DemoSimulator simulator, params string[] furtherSettings) : IAsyncDisposable
{
    private const string Silo = "OrleansBackup.Silo";
    private ChildProcess? _process;
    private ServerApi? _api;

    public ServerApi Api => _api ?? throw new DemoFailedException("the server was not started");

    public int ProcessId => _process?.Id ?? throw new DemoFailedException("the server was not started");

    /// <summary>The server's data folder within the demonstration's; where several servers run together, each has its own.</summary>
    public string Name { get; init; } = "server";

    /// <summary>The program of the next start; the server of this build, unless another release is to take part.</summary>
    public string Program { get; set; } = ProgramFiles.Of(Silo);

    /// <summary>How long a start may take: longer on a machine that does much else at the same time.</summary>
    public TimeSpan TimeToStart { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>It was started, nobody has stopped it, and it is gone.</summary>
    public bool HasEnded => _process is { HasEnded: true };

    public string ApiKeyFile
    {
        get => field ?? Path.Combine(DataFolder, "api-key");
        init;
    }

    public string LogFile => Path.Combine(folder.Logs, $"{Name}.log");

    private string DataFolder => Path.Combine(folder.Root, Name);

    private string AddressFile => Path.Combine(DataFolder, "address");

    /// <summary>Starts it and returns when it is ready.</summary>
    /// <param name="now">What its clock shows at first; time flows on from there.</param>
    public async Task StartAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        Directory.CreateDirectory(DataFolder);
        File.Delete(AddressFile); // the one of a killed process would lead nowhere
        _process = ChildProcess.StartDotNet(Name == "server" ? "the server" : Name, Program, Settings(now), LogFile);
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
        await using var process = ChildProcess.StartDotNet("the command", Program, [.. command, .. Settings(now)], Path.Combine(folder.Logs, log));
        return (await process.WaitForEndAsync(cancellation), process.LogTail(int.MaxValue - 1));
    }

    /// <summary>Kills it as <c>kill -9</c> does.</summary>
    public async Task KillAsync(CancellationToken cancellation)
    {
        await _process!.KillAsync(cancellation);
        await StopAsync();
    }

    /// <summary>Lets it stand still, as a machine does that swaps or is moved; its connections stay open.</summary>
    public void Freeze() => Signals.Freeze(ProcessId);

    /// <summary>Lets it go on as if no time had passed.</summary>
    public void Thaw() => Signals.Thaw(ProcessId);

    public void ThrowIfEnded() => _process?.ThrowIfEnded();

    /// <summary>Asks it to end (SIGTERM) and returns its exit status when it has.</summary>
    public async Task<int> EndAsync(CancellationToken cancellation)
    {
        var status = await _process!.EndAsync(cancellation);
        await StopAsync();
        return status;
    }

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
        "--Data:Folder", DataFolder,
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
