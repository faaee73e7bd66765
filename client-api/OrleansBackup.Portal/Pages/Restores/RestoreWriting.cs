using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Domain.Requests;
using OrleansBackup.Portal.Components;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Restores;

/// <summary>How far a restore has come, in the reader's words.</summary>
internal static class RestoreWriting
{
    public static ProgressEvents.News NewsOf(RestoreStatus job, PortalRequest portal)
    {
        var (done, write) = (job.Restored + job.Skipped + job.Failed, portal.Write);
        return new(done, job.Asked, job.Ended ? portal.Texts[$"restore.state-{job.State}"] : portal.Texts.Filled("restore.progress", write.Number(done), write.Number(job.Asked), write.Number(job.Failed)));
    }

    public static StatusLevel Level(this RestoreState state) => state switch
    {
        RestoreState.Completed => StatusLevel.Good,
        RestoreState.CompletedWithFailures => StatusLevel.Warning,
        RestoreState.Failed => StatusLevel.Bad,
        RestoreState.Cancelled => StatusLevel.None,
        _ => StatusLevel.Running,
    };

    public static StatusLevel Level(this RequestStage stage) => stage switch
    {
        RequestStage.Received => StatusLevel.Warning, // somebody has to decide
        RequestStage.Running => StatusLevel.Running,
        RequestStage.Finished => StatusLevel.Notice,
        RequestStage.Declined => StatusLevel.None,
        _ => StatusLevel.Good,
    };

    /// <summary>A kind of loss in words; one that a later release has stays as it is.</summary>
    public static string LossOf(string kind, PortalRequest portal) => portal.Texts.Has($"restore.loss-{kind}") ? portal.Texts[$"restore.loss-{kind}"] : kind;
}
