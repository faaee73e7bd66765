using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Operations;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.ClientApi.Operations;

/// <summary>What the operators' page shows: this process, how every tenant stands, and which resources fail and why. However large the provider is, the page stays a page.</summary>
/// <param name="Tenants">A page of at most <see cref="MaxTenants"/>.</param>
/// <param name="Before">How many tenants stand on the pages before.</param>
/// <param name="Failing">Of each tenant the first few, in the order of the tenants.</param>
/// <param name="FailedRestores">Of each tenant of the page, of its newest few jobs those that failed, or that ended with items that failed.</param>
/// <param name="Addresses">Of the resources with a run under way or waiting that are shown, as far as their tenants know them.</param>
internal sealed record OperationsGlance(
    OperationsSnapshot Process,
    ImmutableArray<TenantLine> Tenants,
    int TenantsInAll,
    int Before,
    ImmutableArray<FailingLine> Failing,
    ImmutableArray<FailedRestoreLine> FailedRestores,
    ImmutableDictionary<ResourceId, string> Addresses)
{
    public const int MaxTenants = 200;

    /// <summary>Rows of each table of runs.</summary>
    public const int MaxRuns = 50;

    private const int MaxFailingPerTenant = 10;
    private const int NewestRestores = 5;
    private const int PageSize = 1_000;
    private const int MaxPages = 20;
    private const int AskedAtOnce = 16;

    public static async Task<OperationsGlance> ReadAsync(IOperationsSource source, IGrainFactory grains, int page, CancellationToken cancellation)
    {
        var process = await source.ReadAsync(cancellation);
        var listed = await grains.Provider().ListTenants(cancellation);
        var before = Math.Min((long)page * MaxTenants, listed.Length);
        var tenants = await EachAsync(listed.Skip((int)before).Take(MaxTenants), tenant => LineOf(grains, tenant, cancellation));
        var failing = await EachAsync(tenants.Where(line => line.Overview is { FailingResources: > 0 }), line => FailingOf(grains, line, cancellation));
        var restores = await EachAsync(tenants.Where(line => line.Overview is not null), line => FailedRestoresOf(grains, line.Tenant, cancellation));
        var shown = process.Admission.Running.OrderBy(run => run.Since).Take(MaxRuns)
            .Concat(process.Admission.Waiting.OrderBy(run => run.Since).Take(MaxRuns)).Select(run => run.Resource).Distinct();
        var addresses = await EachAsync(shown, resource => AddressOf(grains, resource, cancellation));
        return new OperationsGlance(
            process, tenants, listed.Length, (int)before, [.. failing.SelectMany(lines => lines)], [.. restores.SelectMany(lines => lines)],
            addresses.Where(known => known.Address.Length > 0).ToImmutableDictionary(known => known.Resource, known => known.Address));
    }

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

    private static Task<(ResourceId Resource, string Address)> AddressOf(IGrainFactory grains, ResourceId resource, CancellationToken cancellation) => OrError(
        async () => (resource, (await grains.Tenant(resource.Tenant).GetResource(resource, cancellation)).Address),
        _ => (resource, ""));

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
            return otherwise("The tenant did not answer in time.");
        }
    }
}

/// <summary>A tenant on the operators' page. No overview: the error says why.</summary>
internal sealed record TenantLine(TenantListing Tenant, TenantOverview? Overview, string? Error);

/// <summary>A protected resource whose newest run failed.</summary>
internal sealed record FailingLine(TenantListing Tenant, ResourceListing Resource);

/// <summary>A restore job that did not put back all that it was asked for.</summary>
internal sealed record FailedRestoreLine(TenantListing Tenant, RestoreStatus Job);
