using System.Collections.Immutable;
using OrleansBackup.Domain.Checks;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Plans;
using OrleansBackup.Domain.Scope;

namespace OrleansBackup.Domain.Reports;

/// <summary>Everything that a monthly report is made from, as the grains tell it.</summary>
public sealed record ReportFacts(TenantId Tenant, string TenantName, ReportMonth Month, DateTimeOffset MadeAt, ProtectionScope Scope)
{
    public string Storage { get; init; } = "";

    public ServicePlan? Plan { get; init; }

    public ImmutableArray<PlanOverride> Deviations { get; init; } = [];

    public ImmutableArray<ResourceFacts> Resources { get; init; } = [];

    public ImmutableArray<string> GrantedPermissions { get; init; } = [];

    public ImmutableArray<Incident> Incidents { get; init; } = [];

    public ImmutableArray<RestoreLine> Restores { get; init; } = [];

    public ImmutableArray<RehearsalLine> Rehearsals { get; init; } = [];

    public BillingBasis? Billing { get; init; }

    /// <summary>Of the month before; null: there is none.</summary>
    public MonthlyReport? Before { get; init; }
}

/// <summary>One resource as its tenant and it itself tell of it.</summary>
/// <param name="Since">Since when its protection is as it is now.</param>
/// <param name="Spans">Times of protection that are over.</param>
public sealed record ResourceFacts(ResourceId Resource, string Name, string Address, string Purpose, bool Protected, string Reason, DateTimeOffset Since, DateTimeOffset? VanishedAt)
{
    public ImmutableArray<ProtectionSpan> Spans { get; init; } = [];

    public ImmutableArray<PointFacts> Points { get; init; } = [];

    /// <summary>Runs that ended, oldest first.</summary>
    public ImmutableArray<FailedRun> FailedRuns { get; init; } = [];

    /// <summary>When good runs began.</summary>
    public ImmutableArray<DateTimeOffset> GoodStarts { get; init; } = [];

    /// <summary>Daily moments without a good backup.</summary>
    public ImmutableArray<MissedMoment> Missed { get; init; } = [];
}

public sealed record PointFacts(DateTimeOffset StartedAt, DateTimeOffset SealedAt, long Bytes, long Owed, ImmutableArray<string> Lacking);
