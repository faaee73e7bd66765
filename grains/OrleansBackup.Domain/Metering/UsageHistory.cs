using System.Collections.Immutable;
using OrleansBackup.Domain.Plans;

namespace OrleansBackup.Domain.Metering;

/// <summary>Several months of one customer's usage, to be asked across their borders.</summary>
public sealed class UsageHistory(IEnumerable<MonthUsage> months)
{
    private readonly ImmutableSortedDictionary<BillingMonth, MonthUsage> _months = months.ToImmutableSortedDictionary(one => one.Month, one => one);

    /// <summary>The highest count in some days of one month. Where nobody looked on any of them, the last count before them; null: there is none.</summary>
    /// <remarks>A day without a look never raises what is paid: only when all of them are without one, the count before them goes on.</remarks>
    public UsageMaximum? Maximum(DateOnly from, DateOnly until, UserRule rule) =>
        _months.GetValueOrDefault(BillingMonth.Of(from))?.Maximum(from, until, rule) ?? (Last(from.AddDays(-1), rule) is { } before ? before with { IsCarried = true } : null);

    /// <summary>The count of the last observed day up to and including this one; null: there is none.</summary>
    public UsageMaximum? Last(DateOnly day, UserRule rule)
    {
        foreach (var usage in _months.Values.Reverse().Where(one => one.Month <= BillingMonth.Of(day) && one.Observed != 0))
            for (var at = usage.Month.Last < day ? usage.Month.Last : day; usage.Month.Contains(at); at = at.AddDays(-1))
                if (usage.IsObserved(at))
                    return new(at, usage.CountOn(at, rule), IsCarried: at != day);
        return null;
    }
}
