using Orleans;
using Orleans.Runtime;
using OrleansBackup.Grains.Composition;

namespace OrleansBackup.Silo.Hosting;

/// <summary>When a silo has ended, in order or not, the first of those that are left lets every tenant look at once for runs that were under way there.</summary>
/// <remarks>Their reminders would do the same within a minute or, if the database was away just when the ring changed, at the next reading of the reminders.</remarks>
internal sealed class OrleansTakeover(IClusterMembershipService membership, ILocalSiloDetails local, IGrainFactory grains, TimeProvider time, ILogger<OrleansTakeover> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var living = new HashSet<SiloAddress>();
        await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(stoppingToken))
        {
            var ended = living.RemoveWhere(silo => !Lives(snapshot.GetSiloStatus(silo))) > 0;
            living.UnionWith(snapshot.Members.Values.Where(member => Lives(member.Status)).Select(member => member.SiloAddress));
            if (ended && living.Where(silo => snapshot.GetSiloStatus(silo) == SiloStatus.Active).Order().FirstOrDefault() is { } first && first.Equals(local.SiloAddress))
                await WakeAfterStart.WakeAsync(grains, time, log, stoppingToken);
        }
    }

    // One that is stopping still has its grains.
    private static bool Lives(SiloStatus status) => status is SiloStatus.Active or SiloStatus.ShuttingDown or SiloStatus.Stopping;
}
