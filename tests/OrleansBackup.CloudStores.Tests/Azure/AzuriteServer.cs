using System.Diagnostics;
using System.Text.RegularExpressions;

namespace OrleansBackup.CloudStores.Tests.Azure;

/// <summary>The test server of Azure Storage, where deploy/test.sh has installed it: on loopback, on a free port, in memory.</summary>
/// <remarks>ORLEANSBACKUP_AZURITE names another folder that has it in node_modules.</remarks>
public sealed partial class AzuriteServer : IAsyncLifetime
{
    private const string Version = "3.35.0";
    private const string SkipMark = "$XunitDynamicSkip$"; // how xunit 2.9 is told in the middle of a test that it is skipped
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process? _process;
    private string? _whyNot;

    /// <summary>The well-known account of the test server; its key is published and protects nothing.</summary>
    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;BlobEndpoint={_address.Task.Result}devstoreaccount1";

    private static string Folder => Environment.GetEnvironmentVariable("ORLEANSBACKUP_AZURITE")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "orleansbackup", $"azurite-{Version}");

    public async Task InitializeAsync()
    {
        var program = Path.Combine(Folder, "node_modules", "azurite", "dist", "src", "blob", "main.js");
        if (!File.Exists(program))
        {
            _whyNot = $"azurite {Version} is not installed in {Folder}; deploy/test.sh installs it where npm can be reached";
            return;
        }
        var start = new ProcessStartInfo("node", [program, "--blobHost", "127.0.0.1", "--blobPort", "0", "--inMemoryPersistence", "--disableTelemetry", "--skipApiVersionCheck"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        try { _process = Process.Start(start)!; }
        catch (System.ComponentModel.Win32Exception e)
        {
            _whyNot = $"node cannot be started: {e.Message}";
            return;
        }
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

    /// <summary>Skips the test, with the reason, where there is no server.</summary>
    public void Require()
    {
        if (_whyNot is not null)
            throw new InvalidOperationException(SkipMark + _whyNot);
    }

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
