using System.Collections.Immutable;
using Orleans;

namespace OrleansBackup.Domain.Metering;

/// <summary>The users of one day with the names behind the number.</summary>
/// <param name="Observed">False: nobody looked at the environment on this day, and it takes no part in any maximum.</param>
/// <param name="Accounts">Every account of the day, by name; counted ones first.</param>
[GenerateSerializer, Immutable, Alias("day-usage")]
public sealed record DayUsage([property: Id(0)] DateOnly Day, [property: Id(1)] bool Observed, [property: Id(2)] int Count, [property: Id(3)] ImmutableArray<AccountOnDay> Accounts);

/// <summary>One account on one day, and why it counts or does not.</summary>
[GenerateSerializer, Immutable, Alias("account-on-day")]
public sealed record AccountOnDay([property: Id(0)] MeteredAccount Account, [property: Id(1)] CountReason Reason)
{
    public bool Counts => Reason == CountReason.Counts;
}

/// <summary>The highest count of some days.</summary>
/// <param name="Day">The first day that had it.</param>
/// <param name="IsCarried">None of the days was observed: it is the last count before them.</param>
[GenerateSerializer, Immutable, Alias("usage-maximum")]
public sealed record UsageMaximum([property: Id(0)] DateOnly Day, [property: Id(1)] int Count, [property: Id(2)] bool IsCarried);
