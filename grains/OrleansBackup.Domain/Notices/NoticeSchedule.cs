using OrleansBackup.Domain.Schedule;

namespace OrleansBackup.Domain.Notices;

/// <summary>When a notice is sent, and how often it is tried. Pure.</summary>
/// <remarks>Source: service description: what is found outside a selection is told the same day, in Dutch days.</remarks>
public sealed class NoticeSchedule(ContractCalendar calendar)
{
    /// <summary>What may still have to pass before the last minute of a day: the ticks that look, and the sending itself.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(15);

    /// <summary>From then on a delivery that always failed is left to a person.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromDays(3);

    /// <summary>When what was found now is told: after a while in which more is gathered, but always on the day of finding.</summary>
    public DateTimeOffset DueAt(DateTimeOffset foundAt, TimeSpan gather) =>
        calendar.DayOf(foundAt + gather + Margin) == calendar.DayOf(foundAt) ? foundAt + gather : foundAt;

    /// <summary>Whether what is found now may join a notice that is waiting: not if it would then be told on another day, nor a thing of today under yesterday's date.</summary>
    public bool MayJoin(Notice waiting, DateTimeOffset foundAt) => waiting.DueAt > foundAt && calendar.DayOf(waiting.CreatedAt) == calendar.DayOf(foundAt);

    /// <summary>How long to wait after so many failures in a row: 1, 5, 15, 45 minutes, then every two hours.</summary>
    public static TimeSpan Backoff(int failures) => failures switch
    {
        <= 1 => TimeSpan.FromMinutes(1),
        2 => TimeSpan.FromMinutes(5),
        3 => TimeSpan.FromMinutes(15),
        4 => TimeSpan.FromMinutes(45),
        _ => TimeSpan.FromHours(2),
    };
}
