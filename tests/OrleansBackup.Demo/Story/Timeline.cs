namespace OrleansBackup.Demo.Story;

/// <summary>The demonstration's calendar: which moments it moves the two clocks to, and which moment of the simulator's history a restore point shows.</summary>
/// <remarks>
/// The backup window is in the evening (18:00 to 21:00 in Amsterdam). Life is played by day; then both clocks move to 20:30 UTC, when
/// every mailbox's moment of that day has passed, in winter and in summer time. Nothing changes in the mailboxes until the next morning,
/// so the state at the evening is what that day's point must show.
/// </remarks>
public static class Timeline
{
    public static TimeSpan WindowStart { get; } = TimeSpan.FromHours(18);
    public static TimeSpan WindowLength { get; } = TimeSpan.FromHours(3);

    /// <summary>A Monday.</summary>
    private static readonly DateOnly First = new(2026, 3, 2);

    public static DateOnly Day(int number) => First.AddDays(number);

    public static DateTimeOffset Morning(int number) => At(number, new TimeOnly(7, 0));

    public static DateTimeOffset Evening(int number) => At(number, new TimeOnly(20, 30));

    /// <summary>The day that is restored from: never the newest, and with at least one day of life behind it where there is room.</summary>
    public static int ChosenDay(int days) => Math.Max(0, days - 2);

    /// <summary>The days whose points are compared with the truth: the first, the chosen one, the newest.</summary>
    public static int[] ComparedDays(int days) => [.. new[] { 0, ChosenDay(days), days }.Distinct()];

    private static DateTimeOffset At(int number, TimeOnly time) => new(Day(number), time, TimeSpan.Zero);
}

/// <summary>A day that was lived and backed up.</summary>
/// <param name="Truth">A moment of the simulator's history: the mailboxes as the day's points must show them.</param>
public sealed record LivedDay(int Number, DateOnly Day, DateTimeOffset Truth);
