using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Timers;

namespace Orleans;

/// <summary>What a grain can do with its reminders.</summary>
public static class GrainReminderExtensions
{
    /// <summary>Ticks after <paramref name="dueTime"/> and then each <paramref name="period"/>, through restarts, until unregistered.</summary>
    /// <remarks>When the task ends, the reminder is stored. An existing one of that name is replaced.</remarks>
    /// <exception cref="ArgumentException">The period is shorter than the silo allows, or the due time negative.</exception>
    /// <exception cref="InvalidOperationException">The grain is not <see cref="IRemindable"/>.</exception>
    public static Task<IGrainReminder> RegisterOrUpdateReminder(this Grain grain, string reminderName, TimeSpan dueTime, TimeSpan period) =>
        ((IGrainBase)grain).RegisterOrUpdateReminder(reminderName, dueTime, period);

    /// <inheritdoc cref="RegisterOrUpdateReminder(Grain, string, TimeSpan, TimeSpan)"/>
    public static Task<IGrainReminder> RegisterOrUpdateReminder(this IGrainBase grain, string reminderName, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(grain);
        ArgumentException.ThrowIfNullOrWhiteSpace(reminderName);
        if (grain is not IRemindable)
            throw new InvalidOperationException($"{grain.GetType()} registers a reminder but is not {nameof(IRemindable)}.");
        return RegistryOf(grain).RegisterOrUpdateReminder(grain.GrainContext.GrainId, reminderName, dueTime, period);
    }

    public static Task UnregisterReminder(this Grain grain, IGrainReminder reminder) => ((IGrainBase)grain).UnregisterReminder(reminder);

    public static Task UnregisterReminder(this IGrainBase grain, IGrainReminder reminder)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return RegistryOf(grain).UnregisterReminder(grain.GrainContext.GrainId, reminder);
    }

    /// <returns>Null if the grain has no reminder of that name.</returns>
    public static Task<IGrainReminder?> GetReminder(this Grain grain, string reminderName) => ((IGrainBase)grain).GetReminder(reminderName);

    /// <inheritdoc cref="GetReminder(Grain, string)"/>
    public static Task<IGrainReminder?> GetReminder(this IGrainBase grain, string reminderName)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return RegistryOf(grain).GetReminder(grain.GrainContext.GrainId, reminderName);
    }

    public static Task<List<IGrainReminder>> GetReminders(this Grain grain) => ((IGrainBase)grain).GetReminders();

    public static Task<List<IGrainReminder>> GetReminders(this IGrainBase grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return RegistryOf(grain).GetReminders(grain.GrainContext.GrainId);
    }

    private static IReminderRegistry RegistryOf(IGrainBase grain) => grain.GrainContext.ActivationServices.GetRequiredService<IReminderRegistry>();
}
