using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Schedule;

namespace OrleansBackup.Domain.Checks;

/// <summary>A protected resource as its tenant knows it at the time of a check.</summary>
/// <param name="Since">Since when it is protected: what was before does not concern it.</param>
/// <param name="Missed">What it told of by itself.</param>
/// <param name="Latest">The fault that ended its newest run, or none.</param>
public sealed record CheckedResource(
    ResourceId Resource, string Name, string Address, DateTimeOffset Since, DateTimeOffset? LastGoodStart, ImmutableArray<MissedMoment> Missed, FaultKind Latest, string? Problem, bool Running);

/// <summary>The time that one check looks back over: from the last check of this tenant to this one.</summary>
/// <param name="Grace">How long after its moment a backup may still come before the check shows it.</param>
[GenerateSerializer, Immutable, Alias("check-span")]
public sealed record CheckSpan([property: Id(0)] DateTimeOffset After, [property: Id(1)] DateTimeOffset Until, [property: Id(2)] TimeSpan Grace);

/// <summary>When one fault is worse than it looks at first. Data, so that a provider can choose.</summary>
/// <param name="CriticalAfterMissed">So many moments in a row without a good backup are critical, whatever the kind.</param>
[GenerateSerializer, Immutable, Alias("severity-rules")]
public sealed record SeverityRules([property: Id(0)] int CriticalAfterMissed)
{
    public static SeverityRules Default { get; } = new(2);

    public FaultSeverity Of(FaultKind kind, int missedInARow) =>
        missedInARow >= CriticalAfterMissed ? FaultSeverity.Critical : FaultCatalogue.Of(kind).Severity;
}

/// <summary>A resource without a good backup at one moment at least of the time that a check looks over.</summary>
/// <param name="Missed">Those moments, oldest first.</param>
/// <param name="LastGoodStart">When its last good run began; null: it never had one.</param>
/// <param name="MissedInARow">Moments since that without a good one.</param>
/// <param name="Running">A run is under way.</param>
/// <param name="Incident">The incident that it is put down to.</param>
[GenerateSerializer, Immutable, Alias("check-finding")]
public sealed record CheckFinding(
    [property: Id(0)] ResourceId Resource,
    [property: Id(1)] string Name,
    [property: Id(2)] string Address,
    [property: Id(3)] FaultKind Kind,
    [property: Id(4)] FaultSeverity Severity,
    [property: Id(5)] ImmutableArray<MissedMoment> Missed,
    [property: Id(6)] DateTimeOffset? LastGoodStart,
    [property: Id(7)] int MissedInARow,
    [property: Id(8)] bool Running,
    [property: Id(9)] string? Problem)
{
    [Id(10)] public Guid? Incident { get; init; }

    /// <summary>Nothing good has come since.</summary>
    public bool IsOpen => MissedInARow > 0;

    /// <summary>What the check shows of one resource. Pure.</summary>
    /// <returns>Null: every moment of the time had its good backup.</returns>
    public static CheckFinding? Of(CheckedResource resource, BackupSchedule schedule, BackupWindow window, CheckSpan span, SeverityRules rules)
    {
        var known = resource.LastGoodStart > resource.Since ? resource.LastGoodStart.Value : resource.Since;
        // What follows from its last good run alone, so that one that tells nothing any more is seen as well.
        var sinceGood = Moments(schedule, resource.Resource, window, known, span.Until - span.Grace, isCovered: resource.LastGoodStart >= resource.Since);
        var latest = resource.Latest == FaultKind.None ? FaultKind.NoRun : resource.Latest;
        var told = resource.Missed.Where(missed => missed.Moment >= resource.Since).ToDictionary(missed => missed.Moment);
        ImmutableArray<MissedMoment> missed =
        [
            .. told.Values.Concat(sinceGood.Where(moment => !told.ContainsKey(moment)).Select(moment => new MissedMoment(moment, latest, null, resource.Problem)))
                .Where(one => one.Moment + span.Grace > span.After && one.Moment + span.Grace <= span.Until).OrderBy(one => one.Moment),
        ];
        if (missed.IsEmpty)
            return null;
        var kind = sinceGood.Count > 0 ? latest : missed[^1].Kind;
        return new(resource.Resource, resource.Name, resource.Address, kind, rules.Of(kind, sinceGood.Count), missed, resource.LastGoodStart, sinceGood.Count, resource.Running,
            sinceGood.Count > 0 ? resource.Problem : missed[^1].Problem);
    }

    /// <summary>Put down to an incident, if one covers all that it missed.</summary>
    public CheckFinding With(IReadOnlyCollection<Incident> incidents)
    {
        var causes = Missed.Select(missed => Checks.Incident.Of(incidents, Resource.Tenant, missed.Moment)).Distinct().ToList();
        return causes is [{ } one] ? this with { Kind = one.Kind, Incident = one.Id } : this;
    }

    private static List<DateTimeOffset> Moments(BackupSchedule schedule, ResourceId resource, BackupWindow window, DateTimeOffset known, DateTimeOffset until, bool isCovered)
    {
        var moments = new List<DateTimeOffset>();
        // The moment of a good run lies at or before it; who never had one is due from the first moment on.
        for (var moment = schedule.NextMoment(resource, window, isCovered ? known : known.AddTicks(-1)); moment <= until; moment = schedule.NextMoment(resource, window, moment))
            moments.Add(moment);
        return moments;
    }
}
