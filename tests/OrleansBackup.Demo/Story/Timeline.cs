using System.Collections.Immutable;
using System.Globalization;

namespace OrleansBackup.Demo.Story;

/// <summary>The demonstration's calendar: which moments it moves the two clocks to, and which moment of the simulator's history a restore point shows.</summary>
/// <remarks>
/// The backup window is in the evening (18:00 to 21:00 in Amsterdam). A day of life is played from one evening, 20:30 UTC, to the next, when
/// every mailbox's moment of that day has passed, in winter and in summer time; then the server's clock follows. Nothing changes in the
/// mailboxes until the next day is played, so the state at that moment is what the day's point must show.
/// </remarks>
public static class Timeline
{
    /// <summary>A Monday.</summary>
    private static readonly DateOnly First = new(2026, 3, 2);

    public static TimeSpan WindowStart { get; } = TimeSpan.FromHours(18);
    public static TimeSpan WindowLength { get; } = TimeSpan.FromHours(3);

    public static DateOnly Day(int number) => First.AddDays(number);

    /// <summary>When the story begins.</summary>
    public static DateTimeOffset FirstEvening { get; } = new(First, new TimeOnly(20, 30), TimeSpan.Zero);

    /// <summary>The day that is restored from: never the newest, and with at least one day of life behind it where there is room.</summary>
    public static int ChosenDay(int days) => Math.Max(0, days - 2);
}

/// <summary>A day that was lived and backed up.</summary>
/// <param name="Truth">A moment of the simulator's history: what the day's points must show.</param>
/// <param name="Resources">Those that were protected on that day.</param>
public sealed record LivedDay(int Number, DateOnly Day, DateTimeOffset Truth, ImmutableArray<ProtectedResource> Resources)
{
    public IEnumerable<ProtectedResource> Mailboxes => Resources.Where(resource => resource.IsMailbox);

    /// <summary>Of a resource's restore point of this day, in the REST API.</summary>
    public string PointPath(ProtectedResource resource) => $"{resource.Path}/points/{Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}";
}
