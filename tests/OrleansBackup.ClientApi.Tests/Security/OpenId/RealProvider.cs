using System.Diagnostics;
using System.Text.RegularExpressions;

namespace OrleansBackup.ClientApi.Tests.Security.OpenId;

/// <summary>A real OpenID Connect provider that is not ours, where deploy/test.sh has installed it: on loopback, on a free port.</summary>
/// <remarks>ORLEANSBACKUP_OIDC_PROVIDER names another folder that has it in node_modules.</remarks>
internal sealed partial class RealProvider : IAsyncDisposable
{
    private const string Version = "9.13.3";
    private static readonly TimeSpan Patience = Hang.Limit;

    private readonly Process _process;

    private RealProvider(Process process, Uri address) => (_process, Address) = (process, address);

    /// <summary>Why there is no provider; null: there is one.</summary>
    public static string? WhyNot { get; } = !File.Exists(Path.Combine(Folder, "node_modules", "oidc-provider", "package.json"))
        ? $"oidc-provider {Version} is not installed in {Folder}; deploy/test.sh installs it where npm can be reached"
        : !(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "node"))) ? "node is not installed" : null;

    public Uri Address { get; }

    private static string Folder => Environment.GetEnvironmentVariable("ORLEANSBACKUP_OIDC_PROVIDER")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "orleansbackup", $"oidc-provider-{Version}");

    public static async Task<RealProvider> StartAsync(string redirect)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Security", "OpenId", "provider.mjs");
        var process = Process.Start(new ProcessStartInfo("node", [program, Folder, redirect]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var said = new System.Collections.Concurrent.ConcurrentQueue<string>();
        DataReceivedEventHandler take = (_, line) =>
        {
            said.Enqueue(line.Data ?? "");
            if (Listening().Match(line.Data ?? "") is { Success: true } match)
                address.TrySetResult(new Uri(match.Groups[1].Value));
        };
        process.OutputDataReceived += take;
        process.ErrorDataReceived += take;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            return new RealProvider(process, await address.Task.WaitAsync(Patience));
        }
        catch (TimeoutException)
        {
            process.Kill();
            throw new TimeoutException($"The provider did not say that it listens: {string.Join(Environment.NewLine, said)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close(); // it ends with its input
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }
        _process.Dispose();
    }

    [GeneratedRegex(@"listening on (http://[\d.]+:\d+)")]
    private static partial Regex Listening();
}

/// <summary>A test that needs the provider; skipped, with the reason, where it cannot be had.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProviderTheoryAttribute : TheoryAttribute
{
    public ProviderTheoryAttribute() => Skip = RealProvider.WhyNot;
}
