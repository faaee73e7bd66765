using System.Runtime;

namespace OrleansBackup.Benchmarks.Cluster;

/// <summary>What a process holds after everything was collected that nobody needs.</summary>
internal sealed record MemoryUse(long Managed, long Resident)
{
    private const int Collections = 3;

    public static MemoryUse Now()
    {
        for (var i = 0; i < Collections; i++)
        {
            GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
        return new MemoryUse(GC.GetTotalMemory(forceFullCollection: true), ResidentNow());
    }

    public static long ResidentNow() => Machine.Kilobytes(Machine.Field("/proc/self/status", "VmRSS")) ?? Environment.WorkingSet;
}
