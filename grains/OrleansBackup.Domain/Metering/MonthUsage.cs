using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Plans;

namespace OrleansBackup.Domain.Metering;

/// <summary>Which accounts a customer's environment had on which days of one month: the evidence under every count.</summary>
/// <remarks>
/// Kept as each account with the set of its days, since most are the same for the whole month. An account that changed in the course of a day is there in both
/// forms: it was a user for a part of that day, and so counts for the day. What vanished between two looks does not count on the day of the second.
/// </remarks>
/// <param name="Observed">Days on which somebody looked: bit 0 is the first of the month.</param>
/// <param name="Accounts">In the order of first sight.</param>
[GenerateSerializer, Immutable, Alias("month-usage")]
public sealed record MonthUsage([property: Id(0)] BillingMonth Month, [property: Id(1)] uint Observed, [property: Id(2)] ImmutableArray<AccountDays> Accounts)
{
    public static MonthUsage Empty(BillingMonth month) => new(month, 0, []);

    /// <summary>With one more look at the environment. Safe to repeat.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The day is not of this month.</exception>
    public MonthUsage With(DateOnly day, IEnumerable<MeteredAccount> seen)
    {
        var bit = Bit(day);
        var accounts = Accounts.ToBuilder();
        var places = Accounts.Select((known, at) => (known.Account, at)).ToDictionary(known => known.Account, known => known.at);
        foreach (var account in seen)
            if (places.TryGetValue(account, out var at))
                accounts[at] = accounts[at] with { Days = accounts[at].Days | bit };
            else
            {
                places.Add(account, accounts.Count);
                accounts.Add(new(account, bit));
            }

        return this with { Observed = Observed | bit, Accounts = accounts.ToImmutable() };
    }

    public bool IsObserved(DateOnly day) => (Observed & Bit(day)) != 0;

    /// <summary>One day, counted by a rule.</summary>
    public DayUsage On(DateOnly day, UserRule rule)
    {
        var bit = Bit(day);
        var accounts = Accounts.Where(one => (one.Days & bit) != 0).GroupBy(one => one.Account.Id, StringComparer.Ordinal)
            .Select(forms => forms.Select(one => new AccountOnDay(one.Account, UserCounting.Decide(one.Account, rule))).MinBy(one => one.Reason)!)
            .OrderBy(one => one.Counts ? 0 : 1).ThenBy(one => one.Account.Name, StringComparer.OrdinalIgnoreCase).ThenBy(one => one.Account.Id, StringComparer.Ordinal);
        ImmutableArray<AccountOnDay> all = [.. accounts];
        return new(day, IsObserved(day), all.Count(one => one.Counts), all);
    }

    /// <summary>How many counted on one day, without their names.</summary>
    public int CountOn(DateOnly day, UserRule rule)
    {
        var bit = Bit(day);
        return Accounts.Where(one => (one.Days & bit) != 0 && UserCounting.Decide(one.Account, rule) == CountReason.Counts).Select(one => one.Account.Id).Distinct(StringComparer.Ordinal).Count();
    }

    /// <summary>The highest count on an observed day between two days of this month, both included; null: none was observed.</summary>
    public UsageMaximum? Maximum(DateOnly from, DateOnly until, UserRule rule)
    {
        UsageMaximum? best = null;
        for (var day = from; day <= until; day = day.AddDays(1))
            if (IsObserved(day) && CountOn(day, rule) is var count && (best is null || count > best.Count))
                best = new(day, count, IsCarried: false);
        return best;
    }

    private uint Bit(DateOnly day) => Month.Contains(day) ? 1u << (day.Day - 1) : throw new ArgumentOutOfRangeException(nameof(day), day, $"Not a day of {Month}.");
}

/// <summary>An account in one form and the days on which it had it: bit 0 is the first of the month.</summary>
[GenerateSerializer, Immutable, Alias("account-days")]
public sealed record AccountDays([property: Id(0)] MeteredAccount Account, [property: Id(1)] uint Days);
