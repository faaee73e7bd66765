using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Orleans;
using OrleansBackup.Domain.Plans;

namespace OrleansBackup.Domain.Contracts;

/// <summary>Which plan held on which day of a contract, and when it was suspended: what billing, reports and checks go by.</summary>
/// <remarks>Days of the contract's calendar. Periods follow each other without a gap and without an overlap, whatever was changed when.</remarks>
/// <param name="Start">The first day.</param>
/// <param name="End">The last day; null: nobody has ended it.</param>
/// <param name="Periods">Oldest first; the first begins on <paramref name="Start"/>.</param>
/// <param name="Suspensions">Oldest first; never two at once.</param>
[GenerateSerializer, Immutable, Alias("contract-timeline")]
public sealed record ContractTimeline(
    [property: Id(0)] DateOnly Start, [property: Id(1)] DateOnly? End, [property: Id(2)] ImmutableArray<PlanPeriod> Periods, [property: Id(3)] ImmutableArray<SuspensionPeriod> Suspensions)
{
    public bool IsInForce(DateOnly day) => day >= Start && (End is not { } end || day <= end);

    /// <summary>The plan with its deviations as it holds on this day; null: the contract does not run then.</summary>
    public ServicePlan? PlanOn(DateOnly day) => IsInForce(day) ? Periods.FirstOrDefault(period => period.Contains(day))?.Plan : null;

    public bool IsSuspended(DateOnly day) => IsInForce(day) && Suspensions.Any(one => day >= one.From && (one.Until is not { } until || day <= until));
}

/// <summary>A time in which one plan held.</summary>
/// <param name="Until">The last day; null: no end is known.</param>
/// <param name="PlanText">The plan as it was agreed, deviations applied, as its document.</param>
[GenerateSerializer, Immutable, Alias("plan-period")]
public sealed record PlanPeriod([property: Id(0)] DateOnly From, [property: Id(1)] DateOnly? Until, [property: Id(2)] string PlanText)
{
    // Reading a plan checks all its rules; a month of billing asks for it on every day.
    private static readonly ConditionalWeakTable<string, ServicePlan> Read = [];

    public ServicePlan Plan => Read.GetValue(PlanText, PlanFile.Read);

    public bool Contains(DateOnly day) => day >= From && (Until is not { } until || day <= until);
}

/// <summary>A time in which no new backups were made because the customer had not paid.</summary>
/// <param name="Until">The last day; null: it goes on.</param>
[GenerateSerializer, Immutable, Alias("suspension-period")]
public sealed record SuspensionPeriod([property: Id(0)] DateOnly From, [property: Id(1)] DateOnly? Until);
