using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Schedule;

namespace OrleansBackup.Domain.Checks;

/// <summary>A daily moment of a resource that got no good backup before the next one came: what a check shows although later runs were good.</summary>
/// <param name="Moment">When the run was to start.</param>
/// <param name="Run">The last run that failed for it; null: none was tried, or it is no longer known.</param>
[GenerateSerializer, Immutable, Alias("missed-moment")]
public sealed record MissedMoment([property: Id(0)] DateTimeOffset Moment, [property: Id(1)] FaultKind Kind, [property: Id(2)] RunId? Run, [property: Id(3)] string? Problem)
{
    /// <summary>A resource tells of so many days by itself: longer than any time between two Dutch working days, with a check that was missed in between.</summary>
    public const int DaysTold = 14;
}

/// <summary>A run that did not end well.</summary>
public sealed record FailedRun(RunId Run, DateTimeOffset StartedAt, FaultKind Kind, string? Problem);

/// <summary>Finds the daily moments that went without a good backup. Pure.</summary>
/// <remarks>
/// A moment is made good by a run that started at or after it and before the next: a late run makes the moment good, a run after the next moment does not. So Saturday's
/// failure stays a failure although Sunday's run was good. Source: service description, "controle op het slagen van de backup (elke werkdag)".
/// </remarks>
public static class MissedMoments
{
    /// <param name="goodStarts">When runs started that sealed a point, in any order.</param>
    /// <param name="from">Earlier moments do not matter: the resource was not protected, or nobody asks.</param>
    /// <param name="now">The moment before this still lies open and is never missed.</param>
    public static ImmutableArray<MissedMoment> Find(
        BackupSchedule schedule, ResourceId resource, BackupWindow window, IEnumerable<DateTimeOffset> goodStarts, IEnumerable<FailedRun> failed, DateTimeOffset from, DateTimeOffset now)
    {
        var (good, bad) = (goodStarts.Where(start => start >= from).Order().ToList(), failed.Where(run => run.StartedAt >= from).OrderBy(run => run.StartedAt).ToList());
        var missed = ImmutableArray.CreateBuilder<MissedMoment>();
        for (var moment = schedule.NextMoment(resource, window, from.AddTicks(-1)); schedule.NextMoment(resource, window, moment) is var next && next <= now; moment = next)
        {
            if (good.Exists(start => start >= moment && start < next))
                continue;
            var last = bad.FindLast(run => run.StartedAt >= moment && run.StartedAt < next);
            missed.Add(new(moment, last?.Kind ?? FaultKind.NoRun, last?.Run, last?.Problem));
        }
        return missed.ToImmutable();
    }
}
