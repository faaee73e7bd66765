namespace Orleans.Hosting;

/// <summary>Bounds of the reminder service.</summary>
public sealed class ReminderOptions
{
    /// <summary>The shortest period a grain may ask for. Default: one minute.</summary>
    public TimeSpan MinimumReminderPeriod { get; set; } = TimeSpan.FromMinutes(1);
}
