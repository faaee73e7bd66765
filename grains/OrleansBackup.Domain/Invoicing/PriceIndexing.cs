namespace OrleansBackup.Domain.Invoicing;

/// <summary>The yearly indexation: a new version with a percentage and a reason. Pure; no invoice that was made changes by it.</summary>
public static class PriceIndexing
{
    private const decimal Most = 100m, Least = -50m;

    /// <summary>What is wrong with an indexation; null: nothing.</summary>
    /// <param name="today">A version may not begin in the past: what was delivered was delivered at its price.</param>
    /// <param name="yearly">Whether the plan allows one in a calendar year only.</param>
    public static string? Problem(PriceList list, DateOnly validFrom, Indexation indexation, DateOnly today, bool yearly = true) =>
        indexation.Percent is 0m or < Least or > Most ? "The percentage is between -50 and 100, and not 0."
        : string.IsNullOrWhiteSpace(indexation.Reason) || string.IsNullOrWhiteSpace(indexation.By) ? "An indexation needs a reason, for the customer reads it, and who decided."
        : validFrom <= today ? "New prices begin on a day to come."
        : validFrom <= list.Versions[^1].ValidFrom ? "There is a version that begins later already."
        : yearly && list.Versions.Any(version => version.Indexation is not null && version.ValidFrom.Year == validFrom.Year) ? $"The prices of {validFrom.Year} were indexed already; once a year is what the conditions allow."
        : null;

    /// <exception cref="ArgumentException">It makes no sense; <see cref="Problem"/> says why.</exception>
    public static PriceList Index(PriceList list, DateOnly validFrom, Indexation indexation, DateOnly today, bool yearly = true)
    {
        if (Problem(list, validFrom, indexation, today, yearly) is { } problem)
            throw new ArgumentException(problem, nameof(indexation));
        var last = list.Versions[^1];
        return list with
        {
            Versions = list.Versions.Add(last with
            {
                Version = last.Version + 1,
                ValidFrom = validFrom,
                UserMonth = Indexed(last.UserMonth),
                SupportHour = Indexed(last.SupportHour),
                Indexation = indexation,
            }),
        };

        Money Indexed(Money price) => Money.Round(price.Euros * (100m + indexation.Percent) / 100m);
    }

    /// <summary>What is wrong with putting a list in the place of another; null: nothing. Versions that have begun stay as they are.</summary>
    public static string? ProblemOfChange(PriceList before, PriceList after, DateOnly today) =>
        after.Problem() ?? (before.Versions.Where(version => version.ValidFrom <= today).SequenceEqual(after.Versions.Where(version => version.ValidFrom <= today))
            ? null : "Versions that have begun do not change, and none begins in the past: add one that begins on a day to come.");
}
