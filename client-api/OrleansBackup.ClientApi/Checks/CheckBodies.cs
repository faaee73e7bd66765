using System.Collections.Immutable;
using OrleansBackup.Domain.Checks;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces.Checks;

namespace OrleansBackup.ClientApi.Checks;

/// <summary>Daily checks, newest first.</summary>
public sealed record CheckListBody(ImmutableArray<CheckLineBody> Checks)
{
    /// <summary>What to give as <c>after</c> for the next part; null: this was the last.</summary>
    public string? Next { get; init; }
}

/// <summary>One check in short.</summary>
/// <param name="Open">Groups that nobody has acknowledged.</param>
/// <param name="IsAcknowledged">Made, and somebody has looked at all of it.</param>
/// <param name="CarriedTo">What was open stands in the check of this day.</param>
public sealed record CheckLineBody(DateOnly Day, DateTimeOffset BegunAt, DateTimeOffset? MadeAt, int Groups, int Critical, int Open, int Alerts, bool IsAcknowledged, DateOnly? CarriedTo)
{
    public static CheckLineBody Of(DailyCheck check) => new(check.Day, check.BegunAt, check.MadeAt, check.Groups.Length, check.Groups.Count(group => group.Severity == FaultSeverity.Critical),
        check.Groups.Count(group => group.Acknowledged is null), check.Alerts.Length, check.IsAcknowledged, check.CarriedTo);
}

/// <summary>The check of one working day: what has no good backup since the last check of its customer, the worst first.</summary>
/// <param name="MadeAt">Null: some customers were not asked yet.</param>
/// <param name="Alerts">Checks that were not made, or that nobody acknowledged before this one.</param>
/// <param name="Tenants">How many customers were asked, of how many.</param>
public sealed record CheckBody(
    DateOnly Day, DateTimeOffset BegunAt, DateTimeOffset? MadeAt, bool IsAcknowledged, LookBody? Looked, DateOnly? CarriedTo, int TenantsAsked, int Tenants, ImmutableArray<MissedCheckBody> Alerts, ImmutableArray<CheckGroupBody> Groups)
{
    public static CheckBody Of(DailyCheck check) => new(check.Day, check.BegunAt, check.MadeAt, check.IsAcknowledged, LookBody.Of(check.Looked), check.CarriedTo,
        check.Tenants.Count(tenant => tenant.AskedAt is not null), check.Tenants.Length, [.. check.Alerts.Select(alert => new MissedCheckBody(alert.Day, alert.Reason))], [.. check.Groups.Select(CheckGroupBody.Of)]);
}

/// <summary>A check that was not what it has to be.</summary>
public sealed record MissedCheckBody(DateOnly Day, MissedCheckReason Reason);

/// <summary>Somebody has looked.</summary>
public sealed record LookBody(string Who, DateTimeOffset At, string Note)
{
    public static LookBody? Of(CheckAcknowledgement? look) => look is null ? null : new(look.Who, look.At, look.Note);
}

/// <summary>What one customer has of one kind of fault.</summary>
/// <param name="Id">To acknowledge it by.</param>
/// <param name="Cause">Whose side it lies on.</param>
/// <param name="Acts">Who has to do something.</param>
/// <param name="What">The fault in Dutch and English.</param>
/// <param name="Advice">What to do, in both.</param>
/// <param name="Count">Resources; the first twenty are named.</param>
/// <param name="FirstSeen">The check that found it first, if nobody acknowledged it since.</param>
/// <param name="IsCarried">Found in an earlier check only, and never acknowledged.</param>
/// <param name="Details">Capabilities that are lost, or what a customer's grain said.</param>
/// <param name="WorkOrder">The work that was opened for it, in the customer's work orders; null: none.</param>
public sealed record CheckGroupBody(
    string Id, string Tenant, string TenantName, FaultKind Kind, FaultCause Cause, FaultSeverity Severity, WhoActs Acts, WordsBody What, WordsBody Advice, int Count, DateOnly FirstSeen, bool IsCarried,
    ImmutableArray<string> Details, LookBody? Acknowledged, Guid? WorkOrder, ImmutableArray<CheckFindingBody> Resources)
{
    public static CheckGroupBody Of(CheckGroup group)
    {
        var entry = FaultCatalogue.Of(group.Kind);
        return new(group.Id, group.Tenant.ToString(), group.TenantName, group.Kind, entry.Cause, group.Severity, entry.Who, WordsBody.Of(entry.What), WordsBody.Of(entry.Advice), group.Count, group.FirstSeen, group.IsCarried,
            group.Details, LookBody.Of(group.Acknowledged), group.WorkOrder, [.. group.Named.Select(CheckFindingBody.Of)]);
    }
}

/// <summary>The same in both languages.</summary>
public sealed record WordsBody(string Nl, string En)
{
    public static WordsBody Of(Domain.Notices.BothLanguages text) => new(text.Nl, text.En);
}

/// <summary>A resource without a good backup.</summary>
/// <param name="Missed">The daily moments that got none.</param>
/// <param name="LastGoodAt">When its last good run began; null: it never had one.</param>
/// <param name="MissedInARow">Moments without a good one since then; 0: it is good again.</param>
/// <param name="Incident">The incident that it is put down to.</param>
public sealed record CheckFindingBody(
    string Resource, ResourceKind Kind, string Name, string Address, FaultSeverity Severity, ImmutableArray<DateTimeOffset> Missed, DateTimeOffset? LastGoodAt, int MissedInARow, bool Running, string? Problem, Guid? Incident)
{
    public static CheckFindingBody Of(CheckFinding finding) => new(finding.Resource.LocalName, finding.Resource.Kind, finding.Name, finding.Address, finding.Severity, [.. finding.Missed.Select(missed => missed.Moment)],
        finding.LastGoodStart, finding.MissedInARow, finding.Running, finding.Problem, finding.Incident);
}

/// <summary>Somebody has looked at a check.</summary>
/// <param name="Note">What he found or did; required.</param>
/// <param name="Groups">Ids of groups; absent or empty: all of it.</param>
public sealed record AcknowledgementBody(string? Note, ImmutableArray<string>? Groups);

/// <summary>A fault that becomes work for the customer.</summary>
/// <param name="Group">The id of a group whose cause is the customer's configuration.</param>
public sealed record CheckWorkBody(string? Group);

/// <summary>Incidents, newest first.</summary>
public sealed record IncidentListBody(ImmutableArray<IncidentBody> Incidents)
{
    /// <summary>What to give as <c>after</c> for the next part; null: this was the last.</summary>
    public string? Next { get; init; }
}

/// <summary>Something outside the service that failures are put down to.</summary>
/// <param name="Tenants">Whom it concerns; empty: everybody.</param>
public sealed record IncidentBody(Guid Id, FaultKind Kind, WordsBody What, DateTimeOffset From, DateTimeOffset? Until, ImmutableArray<string> Tenants, string Reference, string DeclaredBy, DateTimeOffset DeclaredAt)
{
    public static IncidentBody Of(Incident incident) => new(incident.Id, incident.Kind, WordsBody.Of(incident.What), incident.From, incident.Until, [.. incident.Tenants.Select(tenant => tenant.ToString())],
        incident.Reference, incident.DeclaredBy, incident.DeclaredAt);
}

/// <summary>An incident as a person declares it.</summary>
/// <param name="Kind">forceMajeure, thirdParty or microsoftIncident.</param>
/// <param name="What">In Dutch and in English.</param>
/// <param name="Until">Absent: it goes on.</param>
/// <param name="Tenants">Directory ids; absent or empty: everybody.</param>
/// <param name="Reference">Where more stands: a ticket, a status page.</param>
public sealed record IncidentRequestBody(FaultKind? Kind, WordsBody? What, DateTimeOffset? From, DateTimeOffset? Until, ImmutableArray<string>? Tenants, string? Reference);

/// <summary>When an incident was over.</summary>
public sealed record IncidentEndBody(DateTimeOffset? Until);
