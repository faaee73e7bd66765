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
}

/// <summary>One point and every reason that keeps it.</summary>
public sealed record RetentionVerdict(long Sequence, DateOnly Day, KeepReasons Reasons)
{
    public bool Kept => Reasons != KeepReasons.None;
}

/// <summary>Decides which restore points are still owed to the customer, and why.</summary>
/// <remarks>
/// Pure: reads no clock and deletes nothing; equal input gives an equal plan. Unit: calendar days in the contract's time zone, so
/// a day of 23 or 25 hours is one day. Dry run, log, report and the deletion itself read the same verdicts.
/// </remarks>
public static class RetentionPolicy
{
    /// <param name="points">Sequence and contract day of every point.</param>
    /// <param name="stillProtected">A protected resource always keeps its newest point, however old it is.</param>
    /// <param name="today">The contract's current day; the caller asks its <see cref="TimeProvider"/> once.</param>
    /// <returns>Each point once, newest first.</returns>
    /// <exception cref="ArgumentException">The rule makes no sense; the message says why.</exception>
    public static ImmutableArray<RetentionVerdict> Decide(
        IEnumerable<(long Sequence, DateOnly Day)> points, RetentionRule rule, bool stillProtected, DateOnly today)
    {
        if (rule.Problem() is { } problem)
            throw new ArgumentException(problem, nameof(rule));
        return [.. points.OrderByDescending(point => point.Sequence).Select((point, age) =>
            new RetentionVerdict(point.Sequence, point.Day, Reasons(point.Day, age)))];

        KeepReasons Reasons(DateOnly day, int age) =>
            (rule.LastOwedDay(day) >= today ? KeepReasons.WithinRetention : KeepReasons.None)
            | (age == 0 && stillProtected ? KeepReasons.NewestOfProtected : KeepReasons.None)
            | (rule.LegalHold ? KeepReasons.LegalHold : KeepReasons.None);
    }
}
