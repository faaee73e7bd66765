namespace OrleansBackup.BundledRuntime;

/// <summary>Bounds of reminders that only this engine has.</summary>
public sealed class BundledReminderOptions
{
    /// <summary>Ticks under way at once, so that reminders that all fall due together do not wake every grain together. Default: 64.</summary>
    public int MostTicksAtOnce { get; set; } = 64;

    /// <summary>A tick that runs longer gives its place among <see cref="MostTicksAtOnce"/> to others, and runs on. Default: 30 seconds.</summary>
    public TimeSpan TickHoldsPlaceFor { get; set; } = TimeSpan.FromSeconds(30);
}
