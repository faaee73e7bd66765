using System.Diagnostics;
using System.Text.RegularExpressions;

namespace OrleansBackup.Chaos.World;

/// <summary>The test server of Azure Storage, where deploy/test.sh has installed it: a process on a free loopback port, its data in memory.</summary>
internal sealed partial class Azurite : IAsyncDisposable
{
    private const string Version = "3.35.0";
    private static readonly TimeSpan TimeToStart = TimeSpan.FromMinutes(2);

    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;

    private Azurite(Process process) => _process = process;

    /// <summary>Why there is none; null: there is one.</summary>
    public static string? WhyNot =>
        !File.Exists(ServerProgram) ? $"azurite {Version} is not installed in {Folder}" : !IsOnPath("node") ? "node is not installed" : null;

    public Uri Address => _address.Task.Result;

    private static string Folder => Environment.GetEnvironmentVariable("ORLEANSBACKUP_AZURITE")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "orleansbackup", $"azurite-{Version}");

    private static string ServerProgram => Path.Combine(Folder, "node_modules", "azurite", "dist", "src", "blob", "main.js");

    /// <summary>The well-known account of the test server; its key is published and protects nothing.</summary>
    public static string ConnectionString(Uri address) =>
        $"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;BlobEndpoint={address}devstoreaccount1";

    public static async Task<Azurite> StartAsync(CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("node", [ServerProgram, "--blobHost", "127.0.0.1", "--blobPort", "0", "--inMemoryPersistence", "--disableTelemetry", "--skipApiVersionCheck", "--silent"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        var azurite = new Azurite(new Process { StartInfo = start });
        azurite._process.OutputDataReceived += (_, line) => azurite.TakeAddress(line.Data);
        azurite._process.ErrorDataReceived += (_, _) => { };
        azurite._process.Start();
        azurite._process.BeginOutputReadLine();
        azurite._process.BeginErrorReadLine();
        try
        {
            await azurite._address.Task.WaitAsync(TimeToStart, cancellation);
            return azurite;
        }
        catch
        {
            await azurite.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    private void TakeAddress(string? line)
    {
        if (line is not null && Listening().Match(line) is { Success: true } match)
            _address.TrySetResult(new Uri(match.Groups[1].Value.TrimEnd('/') + "/"));
    }

    [GeneratedRegex(@"listen\w* (?:at|on) (http://[\d.]+:\d+)")]
    private static partial Regex Listening();
}
