using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OrleansBackup.Benchmarks.Vault.Peers;

/// <summary>Runs a program to its end and says what it cost, as the kernel counted it.</summary>
internal static partial class ChildProcesses
{
    private const int OfChildren = -1;

    /// <exception cref="InvalidOperationException">The program failed; the message holds what it said.</exception>
    public static async Task<Cost> RunAsync(
        string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, string folder, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var (before, watch) = (ProcessorOfChildren(), Stopwatch.StartNew());
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, cancellation), process.StandardError.ReadToEndAsync(cancellation));
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        await output;
        return process.ExitCode == 0
            ? new Cost(watch.Elapsed, ProcessorOfChildren() - before)
            : throw new InvalidOperationException($"{program} {arguments[0]} ended with {process.ExitCode}: {await errors}");
    }

    private static TimeSpan ProcessorOfChildren() => GetUsage(OfChildren, out var usage) == 0
        ? TimeSpan.FromSeconds(usage.UserSeconds + usage.SystemSeconds) + TimeSpan.FromMicroseconds(usage.UserMicroseconds + usage.SystemMicroseconds)
        : throw new InvalidOperationException("The kernel does not tell what child processes cost.");

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetUsage(int whose, out Usage usage);

    /// <summary>The beginning of the kernel's structure on 64-bit Linux; what follows is not used here.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 144)]
    private struct Usage
    {
        public long UserSeconds;
        public long UserMicroseconds;
        public long SystemSeconds;
        public long SystemMicroseconds;
    }
}

/// <summary>What one step of a tool cost.</summary>
/// <param name="Elapsed">From start to end.</param>
/// <param name="Processor">Of all its threads.</param>
internal sealed record Cost(TimeSpan Elapsed, TimeSpan Processor);
