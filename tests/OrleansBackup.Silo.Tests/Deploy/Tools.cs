using System.Diagnostics;

namespace OrleansBackup.Silo.Tests.Deploy;

/// <summary>Programs of others that check the files in deploy/. The test script installs them; without one its tests are skipped and say so.</summary>
internal static class Tools
{
    private static readonly string Cache = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache/orleansbackup");

    public static Tool Kubectl { get; } = Tool.Find("kubectl", "/usr/bin/kubectl", Path.Combine(Cache, "kubernetes-client/usr/bin/kubectl"));

    /// <summary>The checker that comes with Prometheus.</summary>
    public static Tool Promtool { get; } = Tool.Find("promtool", "/usr/bin/promtool", Path.Combine(Cache, "prometheus/usr/bin/promtool"));

    public static Tool SystemdAnalyze { get; } = Tool.Find("systemd-analyze", "/usr/bin/systemd-analyze");

    /// <summary>Node.js with the packages that know the forms.</summary>
    public static Tool Schemas { get; } = Directory.Exists(SchemaFolder) ? Tool.Find("node", [.. Paths("node")]) : new Tool("node with the published schemas", null);

    public static string SchemaFolder => Environment.GetEnvironmentVariable("ORLEANSBACKUP_SCHEMAS") ?? Path.Combine(Cache, "schemas-1/node_modules");

    private static IEnumerable<string> Paths(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, program));
}

/// <param name="Path">Null: it is not installed.</param>
internal sealed record Tool(string Name, string? Path)
{
    public string? WhyNot => Path is null ? $"{Name} is not installed (deploy/test.sh does that)" : null;

    public static Tool Find(string name, params string[] places) => new(name, places.FirstOrDefault(File.Exists));

    /// <returns>Exit status and everything it printed.</returns>
    public async Task<(int Status, string Output)> RunAsync(string folder, string input, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path!, arguments) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }
}

[AttributeUsage(AttributeTargets.Method)]
internal sealed class KubectlFactAttribute : FactAttribute
{
    public KubectlFactAttribute() => Skip = Tools.Kubectl.WhyNot ?? Tools.Schemas.WhyNot;
}

[AttributeUsage(AttributeTargets.Method)]
internal sealed class SchemasFactAttribute : FactAttribute
{
    public SchemasFactAttribute() => Skip = Tools.Schemas.WhyNot;
}

[AttributeUsage(AttributeTargets.Method)]
internal sealed class SystemdFactAttribute : FactAttribute
{
    public SystemdFactAttribute() => Skip = Tools.SystemdAnalyze.WhyNot;
}
