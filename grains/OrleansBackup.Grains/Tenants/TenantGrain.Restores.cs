using Microsoft.Extensions.Logging;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.Grains.Tenants;

/// <summary>How a tenant looks after restore jobs whose process has died: a job goes on as soon as somebody asks it how it stands.</summary>
/// <remarks>A job's own reminder does the same within some minutes. Somebody waits for a restore, so a sweep does not leave it to that.</remarks>
internal sealed partial class TenantGrain
{
    // A job lasts hours at most, and these are the newest: an older one that has not ended has its reminder.
    private const int RestoresLookedAfter = 50;

    private readonly HashSet<RestoreJobId> _endedRestores = [];

    private async Task WakeRestoresAsync(CancellationToken cancellation)
    {
        foreach (var job in State.Restores.Take(RestoresLookedAfter).Where(job => !_endedRestores.Contains(job)).ToList())
        {
            try
            {
                if ((await GrainFactory.Restore(Tenant, job).GetStatus(cancellation)).Ended)
                    _endedRestores.Add(job);
            }
            catch (NotFoundException)
            {
                _endedRestores.Add(job); // it was listed, and never began
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested)
            {
                LogRestoreNotWoken(log, job, exception); // its reminder comes
            }
        }
    }

    [LoggerMessage(2414, LogLevel.Warning, "Restore job {Job} could not be asked how it stands; its reminder lets it go on")]
    private static partial void LogRestoreNotWoken(ILogger log, RestoreJobId job, Exception exception);
}
