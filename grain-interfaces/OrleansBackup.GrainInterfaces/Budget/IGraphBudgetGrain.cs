using Orleans;

namespace OrleansBackup.GrainInterfaces.Budget;

/// <summary>The requests that Microsoft grants the app in one tenant, shared by every silo that works for it.</summary>
/// <remarks>
/// Key: <see cref="GrainKeys.Of(Domain.Identity.TenantId)"/>. Limits per mailbox are kept beside the mailbox's own traffic; here is only what
/// the whole tenant shares. Permits are taken in blocks, so that a request does not cost a grain call.
/// </remarks>
[Alias("graph-budget")]
public interface IGraphBudgetGrain : IGrainWithStringKey
{
    /// <summary>Takes up to <paramref name="wanted"/> permits.</summary>
    [Alias("take")]
    Task<BudgetGrant> Take(int wanted, CancellationToken cancellation);

    /// <summary>Microsoft slowed the whole tenant down: nobody sends before then, and the rate falls for a while.</summary>
    [Alias("report-throttle")]
    Task ReportThrottle(TimeSpan pause, CancellationToken cancellation);

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
    [property: Id(3)] DateTimeOffset? PausedUntil);
