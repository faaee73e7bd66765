using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using OrleansBackup.Domain.Checks;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.GrainInterfaces.Checks;

/// <summary>The check of one working day: what of which customer has no good backup since the last check, and who has looked at it.</summary>
/// <remarks>Key: <see cref="GrainKeys.OfCheck(DateOnly)"/>. Each tenant is asked once, at the hour of its plan, some at a time. Source: service description, "controle op het slagen van de backup (elke werkdag)".</remarks>
[Alias("daily-check")]
public interface IDailyCheckGrain : IGrainWithStringKey
{
    /// <summary>Begins the check, or goes on with tenants whose hour has come. Safe to repeat; answers without waiting for tenants.</summary>
    [Alias("attend")]
    Task Attend(CheckOrder order, CancellationToken cancellation);

    /// <exception cref="NotFoundException">There was no check on this day.</exception>
    [AlwaysInterleave, Alias("get")]
    Task<DailyCheck> Get(CancellationToken cancellation);

    /// <summary>Somebody has looked at these groups; the first who did stays.</summary>
    /// <param name="groups">Ids of groups; empty: all that are open, and the check as such.</param>
    /// <exception cref="InvalidRequestException">A group is not in the check, or nobody says that he looked.</exception>
    /// <exception cref="NotPossibleNowException">The check was carried over into a later one: look at that.</exception>
    [Alias("acknowledge")]
    Task<DailyCheck> Acknowledge(string who, string note, ImmutableArray<string> groups, CancellationToken cancellation);

    /// <summary>Gives what nobody acknowledged, and when each tenant was last asked, to the next check. Safe to repeat.</summary>
    [Alias("hand-over")]
    Task<CheckHandOver> HandOver(DateOnly to, CancellationToken cancellation);

    /// <summary>Lets go of a check that is older than checks are kept. Safe to repeat.</summary>
    [Alias("forget")]
    Task Forget(CancellationToken cancellation);
}

/// <param name="Previous">The check before; null: there was none.</param>
/// <param name="NotMade">Working days in between without one.</param>
[GenerateSerializer, Immutable, Alias("check-order")]
public sealed record CheckOrder([property: Id(0)] DateOnly? Previous, [property: Id(1)] ImmutableArray<MissedCheck> NotMade, [property: Id(2)] ImmutableArray<Incident> Incidents);

/// <param name="Tenants">As each was last asked.</param>
[GenerateSerializer, Immutable, Alias("check-hand-over")]
public sealed record CheckHandOver([property: Id(0)] ImmutableArray<CheckGroup> Groups, [property: Id(1)] ImmutableArray<CheckedTenant> Tenants, [property: Id(2)] bool WasAcknowledged);

/// <summary>A tenant in a check.</summary>
/// <param name="After">From when on the check looked: the last time that the tenant answered one.</param>
/// <param name="AskedAt">When it answered; null: not asked yet, or it did not answer.</param>
/// <param name="Capabilities">What its backup could do then (<see cref="Domain.Checks.Capabilities"/>).</param>
[GenerateSerializer, Immutable, Alias("checked-tenant")]
public sealed record CheckedTenant(
    [property: Id(0)] TenantId Tenant,
    [property: Id(1)] string Name,
    [property: Id(2)] DateTimeOffset After,
    [property: Id(3)] DateTimeOffset? AskedAt,
    [property: Id(4)] ImmutableSortedSet<string>? Capabilities,
    [property: Id(5)] string? Problem)
{
    /// <summary>Of what its customer was told that it cannot be done any more, until all of it is back.</summary>
    [Id(6)] public ImmutableArray<LostCapabilities> Lost { get; init; } = [];
}

/// <summary>Capabilities that one check found lost and that are not back.</summary>
/// <param name="Key">Of the notice.</param>
[GenerateSerializer, Immutable, Alias("lost-capabilities")]
public sealed record LostCapabilities([property: Id(0)] string Key, [property: Id(1)] ImmutableArray<string> Tokens);

/// <param name="Groups">The worst first.</param>
/// <param name="Alerts">Checks that were not made, or that nobody acknowledged.</param>
/// <param name="MadeAt">When every tenant had been asked; null: it goes on.</param>
/// <param name="Looked">Somebody acknowledged the check as such.</param>
/// <param name="CarriedTo">What was open stands in the check of this day.</param>
[GenerateSerializer, Immutable, Alias("daily-check-record")]
public sealed record DailyCheck(
    [property: Id(0)] DateOnly Day,
    [property: Id(1)] DateTimeOffset BegunAt,
    [property: Id(2)] DateTimeOffset? MadeAt,
    [property: Id(3)] ImmutableArray<CheckGroup> Groups,
    [property: Id(4)] ImmutableArray<MissedCheck> Alerts,
    [property: Id(5)] ImmutableArray<CheckedTenant> Tenants,
    [property: Id(6)] CheckAcknowledgement? Looked,
    [property: Id(7)] DateOnly? CarriedTo)
{
    /// <summary>Made, and somebody has looked at all of it.</summary>
    public bool IsAcknowledged => MadeAt is not null && Looked is not null && Groups.All(group => group.Acknowledged is not null);
}

/// <summary>What a tenant answers a check.</summary>
[GenerateSerializer, Immutable, Alias("tenant-findings")]
public sealed record TenantFindings([property: Id(0)] ImmutableArray<CheckFinding> Findings, [property: Id(1)] ImmutableSortedSet<string> Capabilities);

/// <summary>What a part of a tenant answers a check.</summary>
/// <param name="Kinds">Of which something is protected.</param>
/// <param name="Lacking">Parts that some newest restore point lacks.</param>
[GenerateSerializer, Immutable, Alias("part-findings")]
public sealed record PartFindings([property: Id(0)] ImmutableArray<CheckFinding> Findings, [property: Id(1)] ImmutableArray<ResourceKind> Kinds, [property: Id(2)] ImmutableArray<string> Lacking);
