using Orleans;
using Orleans.Runtime;

namespace OrleansBackup.Grains;

/// <summary>What every grain with reminders needs of them.</summary>
internal static class GrainReminders
{
    /// <summary>Safe to repeat.</summary>
    public static async Task ForgetReminderAsync(this Grain grain, string name)
    {
        if (await grain.GetReminder(name) is { } reminder)
            await grain.UnregisterReminder(reminder);
    }
}
