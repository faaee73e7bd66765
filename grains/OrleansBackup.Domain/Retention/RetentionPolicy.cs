using System.Collections.Immutable;

namespace OrleansBackup.Domain.Retention;

/// <summary>Why a restore point stays. None means that it may go.</summary>
[Flags]
public enum KeepReasons
{
    None = 0,
    WithinRetention = 1,
    NewestOfProtected = 2,
    LegalHold = 4,
    NewestOfWeek = 8,
    NewestOfMonth = 16,
    NewestOfYear = 32,

    /// <summary>The brake is on: changes look like mass deletion or rewriting, and nobody has looked yet.</summary>
    Brake = 64,
}

/// <summary>One point and every reason that keeps it.</summary>
public sealed record RetentionVerdict(long Sequence, DateOnly Day, KeepReasons Reasons)
{
    public bool Kept => Reasons != KeepReasons.None;
}

/// <summary>How a resource stands, as far as its retention asks.</summary>
/// <param name="StillProtected">A protected resource always keeps its newest point, however old it is.</param>
/// <param name="LegalHold">Nothing expires: the resource itself is held, whatever its rule says.</param>
/// <param name="Brake">Nothing expires until somebody has looked.</param>
public sealed record RetentionStanding(bool StillProtected, bool LegalHold = false, bool Brake = false);

/// <summary>Decides which restore points are still owed to the customer, and why.</summary>
/// <remarks>
/// Pure: reads no clock and deletes nothing; equal input gives an equal plan. Unit: calendar days in the contract's time zone, so
/// a day of 23 or 25 hours is one day. Dry run, log, report and the deletion itself read the same verdicts.
/// </remarks>
public static class RetentionPolicy
{
    private static readonly KeepReasons[] Periods = [KeepReasons.NewestOfWeek, KeepReasons.NewestOfMonth, KeepReasons.NewestOfYear];

    /// <inheritdoc cref="Decide(IEnumerable{ValueTuple{long, DateOnly}}, RetentionRule, RetentionStanding, DateOnly)"/>
    public static ImmutableArray<RetentionVerdict> Decide(
        IEnumerable<(long Sequence, DateOnly Day)> points, RetentionRule rule, bool stillProtected, DateOnly today) =>
        Decide(points, rule, new RetentionStanding(stillProtected), today);

    /// <param name="points">Sequence and contract day of every point.</param>
    /// <param name="today">The contract's current day; the caller asks its <see cref="TimeProvider"/> once.</param>
    /// <returns>Each point once, newest first.</returns>
    /// <exception cref="ArgumentException">The rule makes no sense; the message says why.</exception>
    public static ImmutableArray<RetentionVerdict> Decide(
        IEnumerable<(long Sequence, DateOnly Day)> points, RetentionRule rule, RetentionStanding standing, DateOnly today)
    {
        if (rule.Problem() is { } problem)
            throw new ArgumentException(problem, nameof(rule));
        var ordered = points.OrderByDescending(point => point.Sequence).ToArray();
        var always = (rule.LegalHold || standing.LegalHold ? KeepReasons.LegalHold : KeepReasons.None)
            | (standing.Brake ? KeepReasons.Brake : KeepReasons.None);
        return [.. ordered.Select((point, age) => new RetentionVerdict(point.Sequence, point.Day, always | Reasons(point.Day, age)))];

        KeepReasons Reasons(DateOnly day, int age) =>
            (rule.LastOwedDay(day) >= today ? KeepReasons.WithinRetention : KeepReasons.None)
            | (age == 0 && standing.StillProtected ? KeepReasons.NewestOfProtected : KeepReasons.None)
            | (rule.Keep.ReasonsFor(day, today) is not KeepReasons.None and var possible
                ? Periods.Where(period => possible.HasFlag(period) && !ordered.Take(age).Any(newer => KeepRules.AreTogether(newer.Day, day, period)))
                    .Aggregate(KeepReasons.None, (reasons, period) => reasons | period)
                : KeepReasons.None);
    }
}
