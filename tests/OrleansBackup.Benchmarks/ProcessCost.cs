using System.Diagnostics;

namespace OrleansBackup.Benchmarks;

/// <summary>What a process has used up to now: processor time, and the most memory that it ever held.</summary>
/// <param name="PeakMemoryBytes">Resident; since the start of the process.</param>
public sealed record ProcessCost(TimeSpan Processor, long PeakMemoryBytes)
{
    public static ProcessCost Of(int processId)
    {
        using var process = Process.GetProcessById(processId);
        return new ProcessCost(process.TotalProcessorTime, Machine.Kilobytes(Machine.Field($"/proc/{processId}/status", "VmHWM")) ?? process.PeakWorkingSet64);
    }
}
