using Orleans;
using Orleans.Core.Internal;
using Orleans.Runtime;
using Orleans.Runtime.Placement;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Admission;

namespace OrleansBackup.Silo.Hosting;

/// <summary>When a silo has come, every other one sends it its share of the resources whose runs wait at the gate, so that it is at work at once.</summary>
/// <remarks>
/// Grains that live stay where they are, and only what is placed from now on is spread over all: a night's queue would keep the old silos busy for hours beside an idle new one.
/// Each of the old ones does the same sum for itself, so nobody has to know how the others stand. What is lost on the way goes on by its reminder within a minute.
/// </remarks>
internal sealed partial class OrleansRelief(
    IClusterMembershipService membership, IClusterManifestProvider manifests, ILocalSiloDetails local, IAdmissionRelief gate, IGrainFactory grains, TimeProvider time, ILogger<OrleansRelief> log)
    : BackgroundService
{
    private const int SentAtOnce = 16;
    private static readonly TimeSpan UntilItTakesGrains = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        HashSet<SiloAddress>? before = null; // null: this one is itself only just coming
        await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(stoppingToken))
        {
            var active = snapshot.Members.Values.Where(member => member.Status == SiloStatus.Active).Select(member => member.SiloAddress).ToHashSet();
            if (!active.Contains(local.SiloAddress))
                continue;
            SiloAddress[] newcomers = before is null ? [] : [.. active.Except(before).Order()];
            before = active;
            if (newcomers.Length > 0)
            {
                await TakesGrainsAsync(newcomers, stoppingToken);
                await RelieveAsync(newcomers, active.Count, stoppingToken);
            }
        }
    }

    /// <summary>Who is active is placed upon only when its list of grains is known here, some moments later; before that a wish for it is not heard.</summary>
    private async Task TakesGrainsAsync(SiloAddress[] newcomers, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(UntilItTakesGrains, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            await foreach (var manifest in manifests.Updates.WithCancellation(either.Token))
                if (newcomers.All(manifest.Silos.ContainsKey))
                    return;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // It may have gone again. What is sent without its being known is placed anywhere, and runs.
        }
    }

    private async Task RelieveAsync(SiloAddress[] newcomers, int silos, CancellationToken cancellation)
    {
        var share = gate.ShareOf(newcomers.Length, silos);
        if (share.IsEmpty)
            return;
        LogSent(log, share.Length, string.Join(' ', newcomers.Select(silo => silo.ToString())));
        await Parallel.ForEachAsync(share.Index(), new ParallelOptions { MaxDegreeOfParallelism = SentAtOnce, CancellationToken = cancellation },
            async (run, token) => await SendAsync(run.Item, newcomers[run.Index % newcomers.Length], token));
    }

    private async Task SendAsync(ResourceId resource, SiloAddress to, CancellationToken cancellation)
    {
        try
        {
            RequestContext.Set(IPlacementDirector.PlacementHintKey, to);
            var grain = grains.Resource(resource);
            // Not Orleans' migration, which takes the state along in a form that drops what a newer release has added to it.
            await grain.Cast<IGrainManagementExtension>().DeactivateOnIdle();
            await grain.StartIfDue(cancellation); // finds no activation any more, and makes one there
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            LogNotSent(log, resource, exception); // its reminder comes, wherever it lives then
        }
    }

    [LoggerMessage(1210, LogLevel.Information, "{Runs} of the runs that wait here go to {Silos}, which has come")]
    private static partial void LogSent(ILogger log, int runs, string silos);

    [LoggerMessage(1211, LogLevel.Warning, "{Resource} could not be sent to the silo that has come")]
    private static partial void LogNotSent(ILogger log, ResourceId resource, Exception exception);
}
