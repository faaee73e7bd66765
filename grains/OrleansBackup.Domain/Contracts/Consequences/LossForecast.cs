using System.Collections.Immutable;
using OrleansBackup.Domain.Retention;

namespace OrleansBackup.Domain.Contracts.Consequences;

/// <summary>A restore point as far as its loss asks.</summary>
/// <param name="Items">Messages, files… in it.</param>
public readonly record struct StoredPoint(long Sequence, DateOnly Day, long Items);

/// <summary>What lies ahead of a resource's points.</summary>
/// <param name="RunsGoOn">A new point is made each day, the next one tomorrow.</param>
/// <param name="Standing">Its own hold and brake, and whether its newest point stays however old it is.</param>
/// <param name="FrozenUntil">Up to and with this day nothing expires.</param>
/// <param name="FrozenFrom">From this day on nothing expires.</param>
/// <param name="DestroyedOn">On this day everything that is left is destroyed.</param>
public sealed record Outlook(RetentionRule Rule, bool RunsGoOn, RetentionStanding Standing, DateOnly? FrozenUntil = null, DateOnly? FrozenFrom = null, DateOnly? DestroyedOn = null);

/// <summary>A point that becomes unrecoverable.</summary>
/// <param name="On">The first day on which it cannot be put back any more.</param>
/// <param name="Otherwise">The same day if nothing were changed; null: not as long as the resource is protected, or held.</param>
public sealed record LostPoint(string Resource, long Sequence, DateOnly Day, long Items, DateOnly On, DateOnly? Otherwise);

/// <summary>Computes which points become unrecoverable on which day.</summary>
/// <remarks>
/// Pure. What <see cref="RetentionPolicy"/> decides day by day, in closed form, so that a customer with a million points is computed in a second; a test compares the two.
/// Points that will be made are taken into account only as far as they supersede present ones.
/// </remarks>
public static class LossForecast
{
    /// <summary>Points that go earlier than they otherwise would; of a resource that gets no new ones any more, all that go.</summary>
    public static ImmutableArray<LostPoint> Compare(string resource, IReadOnlyCollection<StoredPoint> points, Outlook now, Outlook then, DateOnly today)
    {
        var otherwise = Expiries(points, now, today);
        var isStopped = now.RunsGoOn && !then.RunsGoOn;
        return [.. Expiries(points, then, today).Zip(otherwise, (one, other) => (one.Point, one.On, Otherwise: other.On))
            .Where(one => one.On is { } on && (isStopped || then.DestroyedOn is not null || one.Otherwise is not { } before || on < before))
            .Select(one => new LostPoint(resource, one.Point.Sequence, one.Point.Day, one.Point.Items, one.On!.Value, one.Otherwise))];
    }

    /// <summary>The first day on which each point is gone, oldest first; null: it stays as long as everything is as it is.</summary>
    public static ImmutableArray<(StoredPoint Point, DateOnly? On)> Expiries(IReadOnlyCollection<StoredPoint> points, Outlook outlook, DateOnly today)
    {
        var newestFirst = points.OrderByDescending(point => point.Sequence).ToArray();
        var result = ImmutableArray.CreateBuilder<(StoredPoint, DateOnly?)>(newestFirst.Length);
        DateOnly? week = null, month = null, year = null; // of the newer points that were looked at already
        foreach (var point in newestFirst)
        {
            result.Add((point, Destroyed(Kept(point, result.Count == 0))));
            (week, month, year) = (Monday(point.Day), ContractDays.FirstOfMonth(point.Day), new DateOnly(point.Day.Year, 1, 1));
        }
        result.Reverse();
        return result.MoveToImmutable();

        DateOnly? Kept(StoredPoint point, bool isNewest)
        {
            if (outlook.Rule.LegalHold || outlook.Standing.LegalHold || outlook.Standing.Brake || isNewest && outlook.Standing.StillProtected && !outlook.RunsGoOn)
                return null;
            var last = outlook.Rule.LastOwedDay(point.Day);
            if (isNewest && outlook.Standing.StillProtected && last < today)
                last = today; // tomorrow there is a newer one
            var keep = outlook.Rule.Keep;
            if (keep.Weeks > 0 && week != Monday(point.Day))
                last = Later(last, Superseded(Monday(point.Day).AddDays(6)) ? today : Monday(point.Day).AddDays(7 * keep.Weeks - 1));
            if (keep.Months > 0 && month != ContractDays.FirstOfMonth(point.Day))
                last = Later(last, Superseded(ContractDays.LastOfMonth(point.Day)) ? today : ContractDays.FirstOfMonth(point.Day).AddMonths(keep.Months).AddDays(-1));
            if (keep.Years > 0 && year != new DateOnly(point.Day.Year, 1, 1))
                last = Later(last, Superseded(new DateOnly(point.Day.Year, 12, 31)) ? today : new DateOnly(point.Day.Year + keep.Years, 1, 1).AddDays(-1));
            var on = last < today ? today : last.AddDays(1);
            if (outlook.FrozenUntil is { } frozen && on <= frozen)
                on = frozen.AddDays(1);
            return on >= outlook.FrozenFrom ? null : on;
        }

        DateOnly? Destroyed(DateOnly? on) => outlook.DestroyedOn is { } end && (on is null || end < on) && !outlook.Rule.LegalHold && !outlook.Standing.LegalHold ? end : on;

        // In a period that goes on tomorrow, tomorrow's point takes the place of this one.
        bool Superseded(DateOnly lastOfPeriod) => outlook.RunsGoOn && lastOfPeriod > today;
    }

    private static DateOnly Later(DateOnly one, DateOnly other) => one > other ? one : other;

    private static DateOnly Monday(DateOnly day) => day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
}
