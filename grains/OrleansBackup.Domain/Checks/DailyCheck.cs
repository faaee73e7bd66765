using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;

namespace OrleansBackup.Domain.Checks;

/// <summary>What one tenant has of one kind of fault in a check: what an operator looks at and acknowledges as one thing.</summary>
/// <param name="Count">Resources.</param>
/// <param name="Named">The first of them, worst and longest first; at most <see cref="MostNamed"/>.</param>
/// <param name="FirstSeen">The day of the check in which it was first found and not acknowledged since.</param>
[GenerateSerializer, Immutable, Alias("check-group")]
public sealed record CheckGroup(
    [property: Id(0)] TenantId Tenant,
    [property: Id(1)] string TenantName,
    [property: Id(2)] FaultKind Kind,
    [property: Id(3)] FaultSeverity Severity,
    [property: Id(4)] int Count,
    [property: Id(5)] ImmutableArray<CheckFinding> Named,
    [property: Id(6)] DateOnly FirstSeen)
{
    /// <summary>More are counted. All stand in the tenant's own list.</summary>
    public const int MostNamed = 20;

    [Id(7)] public CheckAcknowledgement? Acknowledged { get; init; }

    /// <summary>In words, where the kind alone does not say it: the capabilities that are lost.</summary>
    [Id(8)] public ImmutableArray<string> Details { get; init; } = [];

    /// <summary>Nothing new of it was found; it stands here because nobody acknowledged it.</summary>
    [Id(9)] public bool IsCarried { get; init; }

    /// <summary>The work that somebody had opened for it; null: none.</summary>
    [Id(10)] public Guid? WorkOrder { get; init; }

    /// <summary>Unique within a check.</summary>
    public string Id => $"{Tenant}/{char.ToLowerInvariant(Kind.ToString()[0])}{Kind.ToString()[1..]}";
}

/// <summary>Somebody has looked.</summary>
[GenerateSerializer, Immutable, Alias("check-acknowledgement")]
public sealed record CheckAcknowledgement([property: Id(0)] string Who, [property: Id(1)] DateTimeOffset At, [property: Id(2)] string Note);

/// <summary>A check that was not what it has to be; itself an alert.</summary>
[GenerateSerializer, Immutable, Alias("missed-check")]
public sealed record MissedCheck([property: Id(0)] DateOnly Day, [property: Id(1)] MissedCheckReason Reason);

public enum MissedCheckReason
{
    /// <summary>The service made none on that working day.</summary>
    NotMade = 1,

    /// <summary>It was made, and nobody acknowledged all of it before the next.</summary>
    NotAcknowledged = 2,
}

/// <summary>The rules by which findings become a check, and a check goes over into the next. Pure.</summary>
public static class DailyCheckRules
{
    /// <summary>One tenant's findings, by kind, the worst first.</summary>
    public static ImmutableArray<CheckGroup> Group(TenantId tenant, string name, DateOnly day, IEnumerable<CheckFinding> findings) =>
    [
        .. findings.GroupBy(finding => finding.Kind).Select(group => new CheckGroup(tenant, name, group.Key, group.Max(finding => finding.Severity), group.Count(), Worst(group), day))
            .OrderByDescending(group => group.Severity).ThenByDescending(group => group.Count).ThenBy(group => group.Kind),
    ];

    /// <summary>What of an earlier check nobody has acknowledged, as it stands at the beginning of the next.</summary>
    public static ImmutableArray<CheckGroup> Carry(IEnumerable<CheckGroup> earlier) => Ordered(earlier.Where(group => group.Acknowledged is null).Select(group => group with { IsCarried = true }));

    /// <summary>A check with what more was found. What stands there already and is found again is one thing, with all its days.</summary>
    public static ImmutableArray<CheckGroup> With(ImmutableArray<CheckGroup> standing, IEnumerable<CheckGroup> found)
    {
        var groups = standing.ToDictionary(group => group.Id);
        foreach (var again in found)
            groups[again.Id] = groups.GetValueOrDefault(again.Id) is not { } old ? again : again with
            {
                FirstSeen = old.FirstSeen < again.FirstSeen ? old.FirstSeen : again.FirstSeen,
                Severity = old.Severity > again.Severity ? old.Severity : again.Severity,
                Count = Math.Max(Math.Max(old.Count, again.Count), old.Named.Concat(again.Named).DistinctBy(finding => finding.Resource).Count()),
                Named = Worst(old.Named.Concat(again.Named).GroupBy(finding => finding.Resource).Select(Merged)),
                Details = [.. old.Details.Union(again.Details)],
                WorkOrder = old.WorkOrder,
            };
        return Ordered(groups.Values);
    }

    /// <summary>Working days between the last check and today on which none was made.</summary>
    public static ImmutableArray<MissedCheck> NotMade(DateOnly? last, DateOnly today, Func<DateOnly, bool> isWorkingDay)
    {
        var missed = ImmutableArray.CreateBuilder<MissedCheck>();
        for (var day = last?.AddDays(1) ?? today; day < today; day = day.AddDays(1))
            if (isWorkingDay(day))
                missed.Add(new(day, MissedCheckReason.NotMade));
        return missed.ToImmutable();
    }

    /// <summary>What was missed, in whole sentences.</summary>
    public static BothLanguages WordsOf(MissedCheck missed) => missed.Reason == MissedCheckReason.NotMade
        ? new($"Op {missed.Day:yyyy-MM-dd} is geen dagcontrole gemaakt; de eerstvolgende kijkt verder terug.", $"No daily check was made on {missed.Day:yyyy-MM-dd}; the next one looks back further.")
        : new($"De dagcontrole van {missed.Day:yyyy-MM-dd} is niet bevestigd vóór de volgende; wat openstond staat nu daarin.", $"The daily check of {missed.Day:yyyy-MM-dd} was not acknowledged before the next; what was open stands in that one now.");

    private static ImmutableArray<CheckGroup> Ordered(IEnumerable<CheckGroup> groups) =>
        [.. groups.OrderByDescending(group => group.Severity).ThenBy(group => group.TenantName, StringComparer.OrdinalIgnoreCase).ThenBy(group => group.Id, StringComparer.Ordinal)];

    private static CheckFinding Merged(IEnumerable<CheckFinding> of)
    {
        var findings = of.ToList(); // the newest last
        return findings[^1] with { Missed = [.. findings.SelectMany(finding => finding.Missed).DistinctBy(missed => missed.Moment).OrderBy(missed => missed.Moment)] };
    }

    private static ImmutableArray<CheckFinding> Worst(IEnumerable<CheckFinding> findings) =>
        [.. findings.OrderByDescending(finding => finding.Severity).ThenByDescending(finding => finding.MissedInARow).ThenBy(finding => finding.Resource.ToString(), StringComparer.Ordinal).Take(CheckGroup.MostNamed)];
}
