using System.Diagnostics;
using System.Text.RegularExpressions;

namespace OrleansBackup.CloudStores.Tests.Azure;

/// <summary>The test server of Azure Storage, where deploy/test.sh has installed it: on loopback, on a free port, in memory.</summary>
/// <remarks>ORLEANSBACKUP_AZURITE names another folder that has it in node_modules.</remarks>
public sealed partial class AzuriteServer : IAsyncLifetime
{
    private const string Version = "3.35.0";
    private static readonly TimeSpan Patience = Hang.Limit;

    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process? _process;

    /// <summary>Why there is no server; null: there is one.</summary>
    public static string? WhyNot { get; } = !File.Exists(ServerProgram)
        ? $"azurite {Version} is not installed in {Folder}; deploy/test.sh installs it where npm can be reached"
        : !IsOnPath("node") ? "node is not installed" : null;

    /// <summary>The well-known account of the test server; its key is published and protects nothing.</summary>
    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;BlobEndpoint={(WhyNot is null ? _address.Task.Result : new Uri("http://127.0.0.1:1/"))}devstoreaccount1";

    private static string Folder => Environment.GetEnvironmentVariable("ORLEANSBACKUP_AZURITE")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "orleansbackup", $"azurite-{Version}");

    private static string ServerProgram => Path.Combine(Folder, "node_modules", "azurite", "dist", "src", "blob", "main.js");

    public async Task InitializeAsync()
    {
        if (WhyNot is not null)
            return;
        var start = new ProcessStartInfo("node", [ServerProgram, "--blobHost", "127.0.0.1", "--blobPort", "0", "--inMemoryPersistence", "--disableTelemetry", "--skipApiVersionCheck"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => TakeAddress(line.Data);
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await _address.Task.WaitAsync(Patience);
    }

    public Task DisposeAsync()
    {
        if (_process is { HasExited: false })
            _process.Kill();
        _process?.Dispose();
        return Task.CompletedTask;
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

/// <summary>One server for all tests that want it.</summary>
[CollectionDefinition(Name)]
public sealed class AzuriteCollection : ICollectionFixture<AzuriteServer>
{
    public const string Name = "azurite";
}
