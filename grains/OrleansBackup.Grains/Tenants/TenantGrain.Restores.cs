using Microsoft.Extensions.Logging;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Audit;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;

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

    /// <summary>Whether operators may begin a restore that no authorised contact asked for is the plan's to say; without a contract nothing was promised, and they may.</summary>
    /// <remarks>Source: JP ICT 8.2, plan parameter <c>restore.authorisedContactsOnly</c>; a written agreement can make it otherwise for one customer.</remarks>
    private async Task RequireAskedForAsync(RestoreRequest request, CancellationToken cancellation)
    {
        if (request.CustomerRequest is not null || (await GrainFactory.Contract(Tenant).GetTimeline(cancellation))?.PlanOn(checks.Calendar.DayOf(Now)) is not { Restore.AuthorisedContactsOnly: true } plan)
            return;
        await GrainFactory.Audit(Tenant).NoteAsync(request.RequestedBy, AuditActs.RefuseRestore, $"resources/{request.Point.Resource.LocalName}/points/{request.Point.Sequence}", cancellation,
            ("plan", plan.Id), ("parameter", "restore.authorisedContactsOnly"));
        throw new NotPossibleNowException($"Under the plan '{plan.Id}' a restore is done only at the request of a contact who is named for it (restore.authorisedContactsOnly): "
            + "write down who asked for it under restore-requests and approve that; its job starts then. A written agreement with the customer can allow it otherwise.");
    }

    [LoggerMessage(2414, LogLevel.Warning, "Restore job {Job} could not be asked how it stands; its reminder lets it go on")]
    private static partial void LogRestoreNotWoken(ILogger log, RestoreJobId job, Exception exception);
}
