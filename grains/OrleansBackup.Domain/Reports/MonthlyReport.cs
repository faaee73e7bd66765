using System.Collections.Immutable;
using OrleansBackup.Domain.Checks;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Plans;
using OrleansBackup.Domain.Runs;

namespace OrleansBackup.Domain.Reports;

/// <summary>What a customer is told of one month: what is in the backup, what is not, what failed, what was put back. Pure data, in both languages.</summary>
/// <remarks>
/// Once its month is closed it is frozen with its hash, and every document is made from it: nothing in it depends on when it is read. Additive: a member, once written,
/// keeps its meaning. Source: service description, "Maandrapportage"; terms, 3.2 and 6.3.
/// </remarks>
public sealed record MonthlyReport(Guid Tenant, string TenantName, string Month, DateTimeOffset MadeAt)
{
    /// <summary>Null: no contract is recorded.</summary>
    public ReportPlan? Plan { get; init; }

    /// <summary>Where the backups lie, as far as known.</summary>
    public string Storage { get; init; } = "";

    /// <summary>New resources do not join by themselves, and the customer is asked to confirm the list.</summary>
    public bool AsksConfirmation { get; init; }

    /// <summary>Everything that was protected at some moment of the month, and nothing else.</summary>
    public ImmutableArray<ProtectedLine> Protected { get; init; } = [];

    /// <summary>What was there at the end of the month and was not protected.</summary>
    public ImmutableArray<UnprotectedLine> NotProtected { get; init; } = [];

    /// <summary>What cannot be protected at all, whatever is agreed.</summary>
    public ImmutableArray<LimitLine> Unprotectable { get; init; } = [];

    /// <summary>What would not come back in a restore, or not as it was.</summary>
    public ImmutableArray<LossLine> NotComingBack { get; init; } = [];

    public ImmutableArray<FailureLine> Failures { get; init; } = [];

    public ImmutableArray<Incident> Incidents { get; init; } = [];

    public ImmutableArray<RestoreLine> Restores { get; init; } = [];

    public ImmutableArray<RehearsalLine> Rehearsals { get; init; } = [];

    /// <summary>Null: nothing is metered for this tenant.</summary>
    public BillingBasis? Billing { get; init; }

    /// <summary>What the backup could do at the end of the month (<see cref="Checks.Capabilities"/>).</summary>
    public ImmutableSortedSet<string> Capabilities { get; init; } = [];

    /// <summary>Null: there is no report of the month before.</summary>
    public ReportDifference? Difference { get; init; }
}

/// <summary>The plan as it held on the last day of the month.</summary>
/// <param name="Deviations">Parameters that differ by written agreement.</param>
public sealed record ReportPlan(
    string Id, int Version, BothLanguages Name, string TermsVersion, BothLanguages Retention,
    ImmutableArray<BothLanguages> Statements, ImmutableSortedDictionary<string, BothLanguages> Glossary, ImmutableArray<PlanOverride> Deviations);

/// <summary>How a line of the list stood at the end of the month.</summary>
public enum LineState
{
    Protected = 1,

    /// <summary>It left the backup during the month.</summary>
    Released = 2,

    /// <summary>No longer in Microsoft 365; its restore points stay until their retention ends.</summary>
    Vanished = 3,
}

/// <summary>A resource that was protected at some moment of the month.</summary>
/// <param name="Id">Its local name, by Microsoft's own id: a renamed one keeps it, one made anew has another.</param>
/// <param name="Name">The employee, room, site or team.</param>
/// <param name="From">Since when it is protected, if that began in this month.</param>
/// <param name="Until">When its protection ended, if it did.</param>
/// <param name="LastGood">When the last good backup up to the end of the month began; null: none.</param>
/// <param name="Points">Restore points that could be put back at the end of the month.</param>
/// <param name="Bytes">Size of the newest of them, as it came from Microsoft 365.</param>
/// <param name="Owed">Items that Microsoft 365 lists and did not hand over.</param>
/// <param name="Lacking">Parts that the newest lacks.</param>
public sealed record ProtectedLine(
    string Id, ResourceKind Kind, string Name, string Address, string Purpose, LineState State, DateTimeOffset? From, DateTimeOffset? Until,
    DateTimeOffset? LastGood, int Points, long Bytes, long Owed, ImmutableArray<string> Lacking);

/// <summary>A resource that is not in the backup.</summary>
public sealed record UnprotectedLine(string Id, ResourceKind Kind, string Name, string Address, DateTimeOffset Since, BothLanguages Reason, WhoActs Who);

/// <summary>A kind of thing that nobody can back up.</summary>
public sealed record LimitLine(ResourceKind Kind, BothLanguages What, BothLanguages Reason);

/// <summary>Something that a restore does not bring back whole.</summary>
public sealed record LossLine(ResourceKind Kind, BothLanguages What, bool ComesBack, BothLanguages Note);

/// <summary>What failed of one resource in one way during the month.</summary>
/// <param name="Times">Runs that failed.</param>
/// <param name="Missed">Days that got no good backup because of it.</param>
/// <param name="GoodAgainAt">When the next good run began; null: none until the end of the month.</param>
public sealed record FailureLine(
    string Id, ResourceKind Kind, string Name, FaultKind Fault, FaultCause Cause, WhoActs Who, int Times, int Missed, DateTimeOffset First, DateTimeOffset Last, DateTimeOffset? GoodAgainAt, Guid? Incident);

/// <param name="Job">The restore job's id.</param>
public sealed record RestoreLine(string Job, DateTimeOffset AskedAt, string AskedBy, string Resource, string Outcome, long Asked, long Restored, long Skipped, long Failed, DateTimeOffset? EndedAt);

/// <param name="Record">Where the signed record is found.</param>
public sealed record RehearsalLine(DateOnly Day, bool IsOfThisTenant, int Items, int Differing, string Record);

/// <summary>What the invoice of the month is based on.</summary>
/// <param name="Metric">What is counted, in words.</param>
/// <param name="Figure">What the invoice takes: the maximum, the agreed number…</param>
public sealed record BillingBasis(BothLanguages Metric, ImmutableArray<DayCount> Days, int Figure);

public sealed record DayCount(DateOnly Day, int Count);

/// <summary>What is otherwise than a month before.</summary>
public sealed record ReportDifference(string Since, ImmutableArray<string> Joined, ImmutableArray<string> Left, ImmutableArray<RenamedLine> Renamed, long BytesBefore, long BytesNow, ImmutableArray<string> CapabilitiesLost, ImmutableArray<string> CapabilitiesGained);

/// <summary>One and the same resource, by its id, under another name or address.</summary>
public sealed record RenamedLine(string Id, string Before, string Now);
