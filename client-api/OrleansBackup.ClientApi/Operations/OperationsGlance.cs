using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Budget;
using OrleansBackup.GrainInterfaces.Operations;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.ClientApi.Operations;

/// <summary>What the operators' page shows: every process, the whole estate, a page of tenants, what runs and what it waits for, which resources fail and why. However large the
/// provider is, the page stays a page.</summary>
/// <param name="Process">The one that shows the page.</param>
/// <param name="Processes">All, with this one as it is now.</param>
/// <param name="Estate">Null: the provider's grain did not answer.</param>
/// <param name="Tenants">A page of at most <see cref="MaxTenants"/>.</param>
/// <param name="Before">How many tenants stand on the pages before.</param>
/// <param name="Failing">Of each tenant the first few, in the order of the tenants.</param>
/// <param name="FailedRestores">Of each tenant of the page, of its newest few jobs those that failed, or that ended with items that failed.</param>
/// <param name="Statuses">Of the resources with a run under way or waiting that are shown, as far as they answer.</param>
/// <param name="Budgets">Of the tenants of the runs under way that are shown.</param>
internal sealed record OperationsGlance(
    ProcessSnapshot Process,
    ImmutableArray<ProcessOnBoard> Processes,
    ReminderOverview Reminders,
    EstateStanding? Estate,
    ImmutableArray<TenantLine> Tenants,
    int TenantsInAll,
    int Before,
    ImmutableArray<FailingLine> Failing,
    ImmutableArray<FailedRestoreLine> FailedRestores,
    ImmutableDictionary<ResourceId, ResourceStatus> Statuses,
    ImmutableArray<BudgetLine> Budgets)
{
    public const int MaxTenants = 200;

    /// <summary>Rows of each table of runs.</summary>
    public const int MaxRuns = 50;

    private const int MaxFailingPerTenant = 10;
    private const int NewestRestores = 5;
    private const int PageSize = 1_000;
    private const int MaxPages = 20;
    private const int AskedAtOnce = 16;
    private const int MaxBudgets = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Of processes that are heard of, the longest under way first.</summary>
    public ImmutableArray<PlacedRun> Running { get; } = RunsOf(Processes, admission => admission.Running);

    /// <inheritdoc cref="Running"/>
    public ImmutableArray<PlacedRun> Waiting { get; } = RunsOf(Processes, admission => admission.Waiting);

    public int WaitingInAll => Processes.Where(process => process.SilentFor is null).Sum(process => process.Snapshot.Admission.WaitingInAll);

    public static async Task<OperationsGlance> ReadAsync(IOperationsSource source, IGrainFactory grains, int page, CancellationToken cancellation)
    {
        var process = await source.ReadProcessAsync(cancellation);
        var processes = await OrError(() => BoardAsync(grains, process, cancellation), _ => [new ProcessOnBoard(process, null)]);
        var reminders = await OrError(() => source.ReadRemindersAsync(cancellation).WaitAsync(Patience, cancellation), _ => new ReminderOverview(null, null, null));
        var estate = await OrError<EstateStanding?>(async () => await grains.Provider().GetEstate(cancellation), _ => null);
        var listed = await grains.Provider().ListTenants(cancellation);
        var before = Math.Min((long)page * MaxTenants, listed.Length);
        var tenants = await EachAsync(listed.Skip((int)before).Take(MaxTenants), tenant => LineOf(grains, tenant, cancellation));
        var failing = await EachAsync(tenants.Where(line => line.Overview is { FailingResources: > 0 }), line => FailingOf(grains, line, cancellation));
        var restores = await EachAsync(tenants.Where(line => line.Overview is not null), line => FailedRestoresOf(grains, line.Tenant, cancellation));
        var (running, waiting) = (RunsOf(processes, admission => admission.Running).Take(MaxRuns).ToList(), RunsOf(processes, admission => admission.Waiting).Take(MaxRuns));
        var statuses = await EachAsync(running.Concat(waiting).Select(placed => placed.Run.Resource).Distinct(), resource => StatusOf(grains, resource, cancellation));
        var busy = running.Select(placed => placed.Run.Resource.Tenant).ToHashSet();
        var budgets = await EachAsync(listed.Where(tenant => busy.Contains(tenant.Tenant)).Take(MaxBudgets), tenant => BudgetOf(grains, tenant, cancellation));
        return new OperationsGlance(
            process, processes, reminders, estate, tenants, listed.Length, (int)before, [.. failing.SelectMany(lines => lines)], [.. restores.SelectMany(lines => lines)],
            statuses.OfType<ResourceStatus>().ToImmutableDictionary(status => status.Resource), [.. budgets.OfType<BudgetLine>()]);
    }

    // What the board has of this process is some seconds old, or not there yet.
    private static async Task<ImmutableArray<ProcessOnBoard>> BoardAsync(IGrainFactory grains, ProcessSnapshot own, CancellationToken cancellation)
    {
        var board = await grains.GetGrain<IProcessBoardGrain>(GrainKeys.ProcessBoard).Read(cancellation).WaitAsync(Patience, cancellation);
        return [.. board.Where(process => process.Snapshot.Name != own.Name).Append(new ProcessOnBoard(own, null)).OrderBy(process => process.Snapshot.StartedAt)];
    }

    private static ImmutableArray<PlacedRun> RunsOf(ImmutableArray<ProcessOnBoard> processes, Func<AdmissionOverview, ImmutableArray<AdmittedRun>> which) =>
        [.. processes.Where(process => process.SilentFor is null)
            .SelectMany(process => which(process.Snapshot.Admission).Select(run => new PlacedRun(process.Snapshot.Name, run))).OrderBy(placed => placed.Run.Since)];

    private static async Task<ImmutableArray<TLine>> EachAsync<T, TLine>(IEnumerable<T> asked, Func<T, Task<TLine>> ask)
    {
        var lines = ImmutableArray.CreateBuilder<TLine>();
        foreach (var some in asked.Chunk(AskedAtOnce))
            lines.AddRange(await Task.WhenAll(some.Select(ask)));
        return lines.ToImmutable();
    }

    private static Task<TenantLine> LineOf(IGrainFactory grains, TenantListing tenant, CancellationToken cancellation) => OrError(
        async () => new TenantLine(tenant, await grains.Tenant(tenant.Tenant).GetOverview(cancellation), null),
        error => new TenantLine(tenant, null, error));

    private static Task<ImmutableArray<FailingLine>> FailingOf(IGrainFactory grains, TenantLine line, CancellationToken cancellation) => OrError(
        async () =>
        {
            var found = ImmutableArray.CreateBuilder<FailingLine>();
            string? after = null;
            for (var page = 0; page < MaxPages && found.Count < Math.Min(MaxFailingPerTenant, line.Overview!.FailingResources); page++)
            {
                var resources = await grains.Tenant(line.Tenant.Tenant).ListResources(after, PageSize, cancellation);
                found.AddRange(resources.Resources
                    .Where(resource => resource is { Protected: true, Health.LastOutcome: RunOutcome.Failed })
                    .Take(MaxFailingPerTenant - found.Count)
                    .Select(resource => new FailingLine(line.Tenant, resource)));
                if ((after = resources.Next) is null)
                    break;
            }
            return found.ToImmutable();
        },
        _ => []);

    private static Task<ImmutableArray<FailedRestoreLine>> FailedRestoresOf(IGrainFactory grains, TenantListing tenant, CancellationToken cancellation) => OrError(
        async () =>
        {
            var found = ImmutableArray.CreateBuilder<FailedRestoreLine>();
            foreach (var job in (await grains.Tenant(tenant.Tenant).ListRestores(cancellation)).Take(NewestRestores))
                if (await grains.Restore(tenant.Tenant, job).GetStatus(cancellation) is { State: RestoreState.Failed or RestoreState.CompletedWithFailures } status)
                    found.Add(new FailedRestoreLine(tenant, status));
            return found.ToImmutable();
        },
        _ => []);

    // Whatever the resource itself waits for, it says so at once; one that does not answer must not hold up the page.
    private static Task<ResourceStatus?> StatusOf(IGrainFactory grains, ResourceId resource, CancellationToken cancellation) => OrError<ResourceStatus?>(
        async () => await grains.Resource(resource).GetStatus(cancellation).WaitAsync(Patience, cancellation),
        _ => null);

    private static Task<BudgetLine?> BudgetOf(IGrainFactory grains, TenantListing tenant, CancellationToken cancellation) => OrError<BudgetLine?>(
        async () => new BudgetLine(tenant, await grains.GetGrain<IGraphBudgetGrain>(GrainKeys.Of(tenant.Tenant)).GetUsage(cancellation).WaitAsync(Patience, cancellation)),
        _ => null);

    // One tenant that cannot answer must not take the page away from whoever looks for the reason.
    private static async Task<T> OrError<T>(Func<Task<T>> ask, Func<string, T> otherwise)
    {
        try
        {
            return await ask();
        }
        catch (ServiceException error)
        {
            return otherwise(error.Message);
        }
        catch (TimeoutException)
        {
            return otherwise("It did not answer in time.");
        }
        catch (OrleansException)
        {
            return otherwise("It cannot be reached; the process that it is in may just have died.");
        }
    }
}

/// <summary>A tenant on the operators' page. No overview: the error says why.</summary>
internal sealed record TenantLine(TenantListing Tenant, TenantOverview? Overview, string? Error);

/// <summary>A protected resource whose newest run failed.</summary>
internal sealed record FailingLine(TenantListing Tenant, ResourceListing Resource);

/// <summary>A restore job that did not put back all that it was asked for.</summary>
internal sealed record FailedRestoreLine(TenantListing Tenant, RestoreStatus Job);

/// <summary>A run or restore and the process that it is in.</summary>
internal sealed record PlacedRun(string Process, AdmittedRun Run);

/// <summary>What a busy tenant uses of what Microsoft grants it.</summary>
internal sealed record BudgetLine(TenantListing Tenant, BudgetUsage Usage);
