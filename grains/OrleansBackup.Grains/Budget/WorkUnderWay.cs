using OrleansBackup.GrainInterfaces.Budget;

namespace OrleansBackup.Grains.Budget;

/// <summary>For what the present flow of calls asks Graph: whatever it starts has the same priority, on whichever thread.</summary>
internal static class WorkUnderWay
{
    private static readonly AsyncLocal<WorkPriority?> Ambient = new();

    /// <summary>Backup, unless the flow began as something else.</summary>
    public static WorkPriority Priority => Ambient.Value ?? WorkPriority.Backup;

    /// <summary>Everything started after this by the caller's flow is of this priority.</summary>
    public static void Begin(WorkPriority priority) => Ambient.Value = priority;
}
