using System.Diagnostics;

namespace OrleansBackup.CommandLine.Tests.Hosting;

/// <summary>The program as it is installed: a file that is run, beside the tests.</summary>
internal static class OwnProgram
{
    public static string Folder => AppContext.BaseDirectory;

    public static string File => Path.Combine(Folder, OperatingSystem.IsWindows() ? "orleansbackup.exe" : "orleansbackup");

    /// <summary>Starts a program with this one on its path.</summary>
    public static Process Start(string program, string[] words, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(program, words) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["PATH"] = $"{Folder}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["DOTNET_ROOT"] = Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(typeof(object).Assembly.Location))));
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
