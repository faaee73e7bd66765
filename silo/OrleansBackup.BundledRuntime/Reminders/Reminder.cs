using Orleans.Runtime;

namespace Orleans.Timers;

/// <summary>One registered reminder in memory. Guarded by the lock of its <see cref="ReminderService"/>.</summary>
internal sealed class Reminder(ReminderEntry entry) : IGrainReminder
{
    public string ReminderName => Entry.ReminderName;

    internal GrainId GrainId => Entry.GrainId;
    internal ReminderEntry Entry { get; set; } = entry;

    /// <summary>Counts schedulings: a place in the queue with an older number is void.</summary>
    internal int Schedule { get; set; }
    internal bool IsTicking { get; set; }
    internal bool IsGone { get; set; }

    /// <summary>The last of its writes to the table. They go one after the other, so that none overtakes a later one.</summary>
    internal Task LastWrite { get; set; } = Task.CompletedTask;
}
