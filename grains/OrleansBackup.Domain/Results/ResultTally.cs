using System.Collections.Immutable;
using Orleans;

namespace OrleansBackup.Domain.Results;

/// <summary>The results of several resources, counted for each day, the oldest first. Equal when all its days are.</summary>
/// <param name="Last">The day of the last tally.</param>
[GenerateSerializer, Immutable, Alias("result-tally")]
public sealed record ResultTally([property: Id(0)] DateOnly Last, [property: Id(1)] ImmutableArray<DayTally> Days)
{
    public static ResultTally Nothing { get; } = new(DateOnly.MinValue, []);

    public DayTally On(DateOnly day) => Days.Length - 1 - (Last.DayNumber - day.DayNumber) is >= 0 and var at && at < Days.Length ? Days[at] : default;

    /// <param name="today">The last day of the tally, whatever was told last.</param>
    public static ResultTally Of(IEnumerable<ResultDays> all, DateOnly today)
    {
        var days = new DayTally[ResultDays.DaysTold];
        foreach (var one in all)
            for (var at = 0; at < days.Length; at++)
                days[at] += DayTally.Of(one.On(today.AddDays(at + 1 - days.Length)));
        return new ResultTally(today, [.. days]);
    }

    public static ResultTally operator +(ResultTally one, ResultTally other)
    {
        if (one.Days.IsEmpty || other.Days.IsEmpty)
            return one.Days.IsEmpty ? other : one;
        var last = one.Last > other.Last ? one.Last : other.Last;
        return new ResultTally(last, [.. Enumerable.Range(0, Math.Max(one.Days.Length, other.Days.Length)).Select(back => last.AddDays(-back)).Reverse().Select(day => one.On(day) + other.On(day))]);
    }

    public bool Equals(ResultTally? other) => other is not null && Last == other.Last && Days.AsSpan().SequenceEqual(other.Days.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Last, Days.Length, Days.IsEmpty ? default : Days[^1]);
}
