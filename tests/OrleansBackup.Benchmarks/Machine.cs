using System.Globalization;
using System.Runtime.InteropServices;

namespace OrleansBackup.Benchmarks;

/// <summary>The machine that figures were measured on. A figure without it means nothing.</summary>
public sealed record Machine(string Processor, int Cores, long MemoryBytes, string OperatingSystem, string Runtime)
{
    public static Machine This() => new(
        Field("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount,
        Kilobytes(Field("/proc/meminfo", "MemTotal")) ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Processor}, {Cores} cores, {MemoryBytes / 1e9:0.0} GB memory, {OperatingSystem}, {Runtime}");

    internal static long? Kilobytes(string? field) =>
        field is not null && long.TryParse(field.Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture, out var kilobytes) ? kilobytes * 1024 : null;

    /// <summary>A <c>name: value</c> line of one of Linux's own files; null where there is none.</summary>
    internal static string? Field(string file, string name) => !File.Exists(file) ? null : File.ReadLines(file)
        .Where(line => line.StartsWith(name, StringComparison.Ordinal)).Select(line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()).FirstOrDefault();
}
