using System.Globalization;

namespace OrleansBackup.Silo.Operations;

/// <summary>Which process this is, and since when it has been up, on its own clock.</summary>
internal sealed class ServerStart(TimeProvider time)
{
    public DateTimeOffset At { get; } = time.GetUtcNow();

    public static string Machine => Environment.MachineName;

    public string Name { get; } = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName} process {Environment.ProcessId}");

    public string Version { get; } = typeof(ServerStart).Assembly.GetName().Version?.ToString() ?? "";
}
