using Orleans;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Schedule;

namespace OrleansBackup.Domain.Results;

/// <summary>How the daily backup of one resource went, day by day, packed: a letter each (<see cref="DayResult"/>), the oldest first.</summary>
/// <param name="Last">The day of the last letter.</param>
[GenerateSerializer, Immutable, Alias("result-days")]
public readonly record struct ResultDays([property: Id(0)] DateOnly Last, [property: Id(1)] string? Letters)
{
    /// <summary>A resource tells of so many days: a calendar month, whichever.</summary>
    public const int DaysTold = 31;

    /// <summary>After the last letter nothing is known: whoever told it has not told again.</summary>
    public DayResult On(DateOnly day) => Letters is { } letters && letters.Length - 1 - (Last.DayNumber - day.DayNumber) is >= 0 and var at && at < letters.Length ? (DayResult)letters[at] : DayResult.Unknown;

    /// <summary>Finds the results of the days up to today. Pure.</summary>
    /// <remarks>A moment is made good by a run that started at or after it and before the next, as in the daily check.</remarks>
    /// <param name="good">When runs started that sealed a point, and whether all is in it.</param>
    /// <param name="failed">When runs started that failed.</param>
    /// <param name="from">Days before this concern it not: nothing is remembered of them.</param>
    public static ResultDays Find(
        BackupSchedule schedule, ContractCalendar calendar, ResourceId resource, BackupWindow window,
        IReadOnlyCollection<(DateTimeOffset Start, bool IsWhole)> good, IReadOnlyCollection<DateTimeOffset> failed, DateTimeOffset from, DateTimeOffset now)
    {
        var today = calendar.DayOf(now);
        var first = today.AddDays(1 - DaysTold);
        var letters = new char[DaysTold];
        Array.Fill(letters, (char)DayResult.Unknown);
        var begin = calendar.At(first, TimeSpan.Zero);
        var firstMoment = schedule.NextMoment(resource, window, (from > begin ? from : begin).AddTicks(-1));
        for (var moment = firstMoment; calendar.DayOf(moment) is var day && day <= today;)
        {
            var next = schedule.NextMoment(resource, window, moment);
            letters[day.DayNumber - first.DayNumber] = (char)Of(moment, next);
            moment = next;
        }
        // The first backup starts when the resource is found, before it has any moment: it stands for its own day.
        foreach (var early in good.Where(run => run.Start >= begin && run.Start < firstMoment))
            letters[calendar.DayOf(early.Start).DayNumber - first.DayNumber] = (char)(early.IsWhole ? DayResult.Good : DayResult.Noticed);
        return new ResultDays(today, new string(letters));

        DayResult Of(DateTimeOffset moment, DateTimeOffset next)
        {
            var made = good.Where(run => run.Start >= moment && run.Start < next).ToList();
            return made.Count > 0 ? made.MaxBy(run => run.Start).IsWhole ? DayResult.Good : DayResult.Noticed
                : next > now ? DayResult.Open
                : failed.Any(start => start >= moment && start < next) ? DayResult.Failed : DayResult.Missed;
        }
    }
}
