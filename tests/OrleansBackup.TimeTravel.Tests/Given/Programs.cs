using System.Diagnostics;

namespace OrleansBackup.TimeTravel.Tests.Given;

/// <summary>Programs of others that read what is opened. The test script fetches them; without one its tests are skipped and say so.</summary>
internal static class Programs
{
    private static readonly string Cache = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache/orleansbackup");

    public static ExternalProgram Cadaver { get; } = Find("cadaver");

    public static ExternalProgram Rclone { get; } = Find("rclone");

    public static ExternalProgram Mbsync { get; } = Find("mbsync", "isync");

    public static ExternalProgram Litmus { get; } = Find("litmus");

    public static ExternalProgram Curl { get; } = Find("curl");

    public static ExternalProgram Python { get; } = Find("python3");

    /// <summary>The library that cadaver and litmus are made with, where it was fetched and not installed.</summary>
    private static string Libraries => Path.Combine(Cache, "neon/usr/lib/x86_64-linux-gnu");

    private static ExternalProgram Find(string name, string? package = null)
    {
        string[] places = [Path.Combine(Cache, package ?? name, "usr/bin", name), .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, name))];
        return new ExternalProgram(name, places.FirstOrDefault(File.Exists), Libraries);
    }
}

/// <param name="Path">Null: it is not there.</param>
internal sealed record ExternalProgram(string Name, string? Path, string Libraries)
{
    public string? WhyNot => Path is null ? $"{Name} is not installed (deploy/test.sh fetches it)" : null;

    /// <returns>Exit status, and what it printed.</returns>
    public async Task<(int Status, byte[] Output, string Error)> RunAsync(string folder, string input, string[] arguments, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(Path!, arguments) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        (start.Environment["LD_LIBRARY_PATH"], start.Environment["HOME"], start.Environment["LC_ALL"]) = (Libraries, folder, "C.UTF-8");
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var patience = new CancellationTokenSource(Hang.Limit);
        using var process = Process.Start(start)!;
        try
        {
            using var output = new MemoryStream();
            var (copied, error) = (process.StandardOutput.BaseStream.CopyToAsync(output, patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await copied;
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, output.ToArray(), await error);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }
}

/// <summary>A fact that needs a program of others.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ProgramFactAttribute : FactAttribute
{
    public ProgramFactAttribute(string name) => Skip = (name switch
    {
        "cadaver" => Programs.Cadaver,
        "rclone" => Programs.Rclone,
        "mbsync" => Programs.Mbsync,
        "litmus" => Programs.Litmus,
        "curl" => Programs.Curl,
        "python3" => Programs.Python,
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    }).WhyNot;
}
