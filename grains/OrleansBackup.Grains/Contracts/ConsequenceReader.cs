using System.Collections.Concurrent;
using Orleans;
using OrleansBackup.Domain.Contracts.Consequences;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Retention;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.Grains.Contracts;

/// <summary>What is about to change for a tenant as a whole.</summary>
/// <param name="Then">The settings afterwards.</param>
/// <param name="RunsGoOn">Whether new points are made afterwards.</param>
/// <param name="FrozenUntil">Up to and with this day nothing expires.</param>
/// <param name="FrozenFrom">From this day on nothing expires.</param>
/// <param name="DestroyedOn">Everything is destroyed.</param>
internal sealed record TenantOutlook(TenantSettings Now, TenantSettings Then, bool RunsGoOn, DateOnly? FrozenUntil = null, DateOnly? FrozenFrom = null, DateOnly? DestroyedOn = null)
{
    /// <summary>No runs are made now already.</summary>
    public bool IsHalted { get; init; }

    /// <summary>Nothing expires now already.</summary>
    public bool IsFrozen { get; init; }
}

/// <summary>Asks every resource of a tenant for its points and computes which of them an act makes unrecoverable.</summary>
internal sealed class ConsequenceReader(IGrainFactory grains)
{
    private const int PageOfResources = 1_000, AtOnce = 32;

    /// <param name="today">The day on which the act takes effect.</param>
    public async Task<ConsequenceList> ReadAsync(TenantId tenant, TenantOutlook outlook, DateOnly today, CancellationToken cancellation)
    {
        var (lost, stopped) = (new ConcurrentBag<LostPoint>(), new ConcurrentBag<string>());
        string? after = null;
        do
        {
            var page = await grains.Tenant(tenant).ListResources(after, PageOfResources, cancellation);
            await Parallel.ForEachAsync(page.Resources, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation, TaskScheduler = TaskScheduler.Current }, async (listing, token) =>
            {
                var (now, then) = await OutlooksAsync(listing, outlook, today, token);
                foreach (var point in LossForecast.Compare(listing.Resource.LocalName, await PointsAsync(listing, token), now, then, today))
                    lost.Add(point);
                if (now.RunsGoOn && !then.RunsGoOn)
                    stopped.Add(listing.Resource.LocalName);
            });
            after = page.Next;
        }
        while (after is not null);
        return ConsequenceList.Of(lost, stopped);
    }

    private async Task<(Outlook Now, Outlook Then)> OutlooksAsync(ResourceListing listing, TenantOutlook outlook, DateOnly today, CancellationToken cancellation)
    {
        var standing = await StandingAsync(listing, cancellation);
        var stays = listing.Protected && outlook.Then.Scope.Decide(listing.Resource, listing.Purpose).Protected;
        var now = new Outlook(outlook.Now.Retention, listing.Protected && !outlook.IsHalted, standing, FrozenFrom: outlook.IsFrozen ? today : null);
        var then = new Outlook(outlook.Then.Retention, stays && outlook.RunsGoOn && !outlook.IsHalted, standing with { StillProtected = stays },
            outlook.FrozenUntil, outlook.FrozenFrom ?? (outlook.IsFrozen ? today : null), outlook.DestroyedOn);
        return (now, then);
    }

    private async Task<RetentionStanding> StandingAsync(ResourceListing listing, CancellationToken cancellation)
    {
        if (!listing.Resource.Kind.CanBeProtected())
            return new(false);
        var expiry = await grains.Resource(listing.Resource).GetExpiryStanding(cancellation);
        return new(listing.Protected, expiry.Hold is { Stands: true }, expiry.Brake is { IsOn: true });
    }

    private async Task<StoredPoint[]> PointsAsync(ResourceListing listing, CancellationToken cancellation)
    {
        if (!listing.Resource.Kind.CanBeProtected())
            return [];
        try
        {
            return [.. (await grains.Resource(listing.Resource).ListPoints(cancellation)).Select(point => new StoredPoint(point.Sequence, point.Day, point.Items))];
        }
        catch (NotFoundException)
        {
            return []; // never taken into protection: it has none
        }
    }
}
