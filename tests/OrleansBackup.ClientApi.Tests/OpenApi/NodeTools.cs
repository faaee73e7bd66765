using System.Diagnostics;

namespace OrleansBackup.ClientApi.Tests.OpenApi;

/// <summary>Public programs that read the published description: a linter, a generator of clients and a compiler. The test script installs them; without them their tests are skipped and say so.</summary>
internal static class NodeTools
{
    public static string Modules { get; } = Environment.GetEnvironmentVariable("ORLEANSBACKUP_API_TOOLS")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache/orleansbackup/api-tools-1/node_modules");

    public static string Sources { get; } = Path.Combine(AppContext.BaseDirectory, "OpenApi", "Clients");

    public static string? WhyNot => !Directory.Exists(Path.Combine(Modules, "openapi-fetch")) ? "The linter and the generator of clients are not installed (deploy/test.sh does that)." : Node is null ? "node is not installed." : null;

    private static string? Node { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, "node")).FirstOrDefault(File.Exists);

    /// <param name="script">A program below the modules, or a file of the folder.</param>
    /// <returns>Exit status and everything it printed.</returns>
    public static async Task<(int Status, string Output)> RunAsync(string folder, string script, params string[] arguments)
    {
        var start = new ProcessStartInfo(Node!, [script, .. arguments]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Hang.Limit);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{script} did not end.");
        }
        return (process.ExitCode, await output + await error);
    }
}

[AttributeUsage(AttributeTargets.Method)]
internal sealed class NodeToolsFactAttribute : FactAttribute
{
    public NodeToolsFactAttribute() => Skip = NodeTools.WhyNot;
}
