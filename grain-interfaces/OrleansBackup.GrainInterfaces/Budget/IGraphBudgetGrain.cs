using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Forecast;

namespace OrleansBackup.GrainInterfaces.Budget;

/// <summary>The requests that Microsoft grants the app in one tenant, shared by every silo that works for it.</summary>
/// <remarks>
/// Key: <see cref="GrainKeys.Of(Domain.Identity.TenantId)"/>. Limits per mailbox are kept beside the mailbox's own traffic; here is only what
/// the whole tenant shares. Permits are taken in blocks, so that a request does not cost a grain call.
/// </remarks>
[Alias("graph-budget")]
public interface IGraphBudgetGrain : IGrainWithStringKey
{
    /// <summary>Takes up to <paramref name="wanted"/> permits, as releases before there were services and priorities ask.</summary>
    [Alias("take")]
    Task<BudgetGrant> Take(int wanted, CancellationToken cancellation);

    /// <summary>Takes up to <paramref name="wanted"/> permits of one service. Where they are few, restores find some when backups do not, and backups when rehearsals do not.</summary>
    [Alias("take-for")]
    Task<BudgetGrant> TakeFor(GraphService service, WorkPriority priority, int wanted, CancellationToken cancellation);

    /// <summary>Microsoft slowed the whole tenant down: nobody sends before then, and the rate falls for a while.</summary>
    [Alias("report-throttle")]
    Task ReportThrottle(TimeSpan pause, CancellationToken cancellation);

    /// <summary>The same of one service; the others go on.</summary>
    [Alias("report-throttle-of")]
    Task ReportThrottleOf(GraphService service, TimeSpan pause, CancellationToken cancellation);

    /// <summary>How many licences the tenant has, as the last discovery found: the limits of SharePoint and OneDrive follow from it.</summary>
    [Alias("set-licences")]
    Task SetLicences(int licences, CancellationToken cancellation);

    [Alias("get-usage")]
    Task<BudgetUsage> GetUsage(CancellationToken cancellation);
}

/// <summary>Permits granted, and when to come back if they were none.</summary>
[GenerateSerializer, Immutable, Alias("budget-grant")]
public sealed record BudgetGrant([property: Id(0)] int Permits, [property: Id(1)] TimeSpan Wait);

/// <summary>How the budget stands, for the operators' page.</summary>
[GenerateSerializer, Immutable, Alias("budget-usage")]
public sealed record BudgetUsage(
    [property: Id(0)] double PermitsPerSecond,
    [property: Id(1)] long GrantedTotal,
    [property: Id(2)] long ThrottlesTotal,
    [property: Id(3)] DateTimeOffset? PausedUntil)
{
    /// <summary>The same service by service, those that were asked for.</summary>
    [Id(4)] public ImmutableArray<ServiceUsage> Services { get; init; } = [];

    /// <summary>What flows in and what lies ready of each service that backups use, window by window; also of those that were not asked for yet.</summary>
    [Id(5)] public ImmutableArray<PermitFlow> Flows { get; init; } = [];
}

/// <summary>How one service's budget stands.</summary>
/// <param name="PermitsPerSecond">Requests, or for files resource units.</param>
[GenerateSerializer, Immutable, Alias("service-usage")]
public sealed record ServiceUsage(
    [property: Id(0)] GraphService Service,
    [property: Id(1)] double PermitsPerSecond,
    [property: Id(2)] long GrantedTotal,
    [property: Id(3)] long ThrottlesTotal,
    [property: Id(4)] DateTimeOffset? PausedUntil);
