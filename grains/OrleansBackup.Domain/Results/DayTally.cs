using Orleans;

namespace OrleansBackup.Domain.Results;

/// <summary>The results of one day, counted.</summary>
/// <param name="Good">Without anything to say.</param>
/// <param name="Noticed">Good, but something is owed or lacking.</param>
/// <param name="Failed">Failed, or missed.</param>
/// <param name="Open">Still to come.</param>
[GenerateSerializer, Immutable, Alias("day-tally")]
public readonly record struct DayTally([property: Id(0)] int Good, [property: Id(1)] int Noticed, [property: Id(2)] int Failed, [property: Id(3)] int Open)
{
    /// <summary>Of how many anything is known.</summary>
    public int Known => Good + Noticed + Failed + Open;

    public static DayTally Of(DayResult result) => result switch
    {
        DayResult.Good => new(1, 0, 0, 0),
        DayResult.Noticed => new(0, 1, 0, 0),
        DayResult.Failed or DayResult.Missed => new(0, 0, 1, 0),
        DayResult.Open => new(0, 0, 0, 1),
        _ => default,
    };

    public static DayTally operator +(DayTally one, DayTally other) => new(one.Good + other.Good, one.Noticed + other.Noticed, one.Failed + other.Failed, one.Open + other.Open);
}
