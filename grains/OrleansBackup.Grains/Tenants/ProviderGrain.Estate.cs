using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Telemetry;

namespace OrleansBackup.Grains.Tenants;

/// <summary>How all tenants stand together. In memory only: a new activation asks every tenant, and until all have told, or for a while, nothing is published.</summary>
internal sealed partial class ProviderGrain
{
    private const int TenantsAskedAtOnce = 8;
    private static readonly TimeSpan PublishAnyway = TimeSpan.FromMinutes(10);

    private readonly Dictionary<TenantId, TenantStanding> _standings = [];
    private Task _learning = Task.CompletedTask;
    private bool _waitedLongEnough;

    public Task TellStanding(TenantId tenant, TenantStanding standing, CancellationToken cancellation)
    {
        if (_keeper.State.Tenants.ContainsKey(tenant.ToString())) // one that is ended at this moment may still tell
        {
            _standings[tenant] = standing;
            Publish();
        }
        return Task.CompletedTask;
    }

    public Task<EstateStanding> GetEstate(CancellationToken cancellation) => Task.FromResult(Estate());

    public async Task<ImmutableArray<ListedStanding>> ListStandings(CancellationToken cancellation) =>
        [.. (await ListTenants(cancellation)).Select(listing => new ListedStanding(listing, _standings.GetValueOrDefault(listing.Tenant)))];

    private EstateStanding Estate() => new(
        _standings.Values.Aggregate(ResourceCounts.None, (sum, standing) => sum + standing.Resources),
        _keeper.State.Tenants.Count, _standings.Values.Count(standing => standing.Hindered), _standings.Count);

    private void BeginEstate()
    {
        this.RegisterGrainTimer(
            _ =>
            {
                _waitedLongEnough = true;
                Publish();
                return Task.CompletedTask;
            },
            new GrainTimerCreationOptions { DueTime = PublishAnyway, Period = Timeout.InfiniteTimeSpan, Interleave = true });
        _learning = LearnAsync();
    }

    private void ForgetStanding(TenantId tenant)
    {
        _standings.Remove(tenant);
        Publish();
    }

    private async Task LearnAsync()
    {
        // Give the activation its turn back, yet go on under the grain's scheduler.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.ContinueOnCapturedContext);
        foreach (var some in _keeper.State.Tenants.Keys.Select(TenantId.Parse).ToList().Chunk(TenantsAskedAtOnce))
        {
            if (_leaving.IsCancellationRequested)
                return;
            await Task.WhenAll(some.Where(tenant => !_standings.ContainsKey(tenant)).Select(AskAsync));
        }
        Publish();
    }

    private async Task AskAsync(TenantId tenant)
    {
        try
        {
            var standing = await GrainFactory.Tenant(tenant).GetStanding(_leaving.Token) ?? new TenantStanding(ResourceCounts.None, false);
            if (_keeper.State.Tenants.ContainsKey(tenant.ToString()))
                _standings.TryAdd(tenant, standing); // what it told meanwhile is newer
        }
        catch (Exception exception) when (!_leaving.IsCancellationRequested)
        {
            LogStandingUnknown(log, tenant, exception); // it tells by itself within the hour
        }
        catch (Exception) when (_leaving.IsCancellationRequested)
        {
            // the process ends, and the next activation asks again
        }
    }

    private void Publish()
    {
        if (_waitedLongEnough || _standings.Count >= _keeper.State.Tenants.Count)
            EstateGauges.Publish(this, Estate());
    }

    [LoggerMessage(2442, LogLevel.Warning, "Tenant {Tenant} did not say how it stands; the figures of the estate are without it until it does")]
    private static partial void LogStandingUnknown(ILogger log, TenantId tenant, Exception exception);
}
