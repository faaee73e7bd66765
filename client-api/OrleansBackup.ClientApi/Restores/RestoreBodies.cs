using System.Collections.Immutable;
using OrleansBackup.ClientApi.Points;
using OrleansBackup.GrainInterfaces.Restores;

namespace OrleansBackup.ClientApi.Restores;

/// <summary>What to put back, from where, to where.</summary>
/// <param name="Resource">Whose restore point: <c>mailbox-…</c>, <c>onedrive-…</c>, <c>site-…</c> or <c>team-…</c>.</param>
/// <param name="Point">Sequence number, day (its newest point) or latest.</param>
/// <param name="Target">Absent: the places that it came from.</param>
/// <param name="Conflict">What to do with an item that is still there.</param>
public sealed record RestoreBody(string? Resource, PointAddress? Point, SelectionBody? Selection, TargetBody? Target, ConflictPolicy? Conflict)
{
    /// <summary>Whether sharing permissions are put back too; they are always recorded. Default: no.</summary>
    public bool? Permissions { get; init; }

    /// <summary>Whether what is in the chosen folders now and was not then goes to the recycle bin, so that they are as they were. Drives only. Default: no.</summary>
    public bool? RemoveNewer { get; init; }
}

/// <summary>What of the point: everything, or folders (with all below them) and items by their ids.</summary>
public sealed record SelectionBody(bool? Everything, ImmutableArray<string>? FolderIds, ImmutableArray<string>? ItemIds)
{
    public static SelectionBody Of(RestoreSelection selection) => new(selection.Everything, selection.FolderIds, selection.ItemIds);
}

/// <summary>Where to.</summary>
/// <param name="Resource">Absent: the resource that it came from.</param>
/// <param name="Folder">Names from the top down of a folder under which everything is put, made if absent. Absent or empty: the original folders.</param>
public sealed record TargetBody(string? Resource, ImmutableArray<string>? Folder)
{
    /// <summary>A library or list of a target site, or a channel of a target team, by Microsoft's id; absent: where it belongs.</summary>
    public string? Container { get; init; }
}

/// <summary>What a restore would put back, told before it runs.</summary>
/// <param name="NeverHandedOver">Items that Microsoft 365 listed and never handed over: they would fail.</param>
/// <param name="Losses">What would not come back as it was, as far as the restore point tells; more may show in the target.</param>
public sealed record RestorePreviewBody(ImmutableArray<PreviewedKindBody> Kinds, long NeverHandedOver, ImmutableArray<PreviewedLossBody> Losses)
{
    public static RestorePreviewBody Of(RestorePreview preview) => new(
        [.. preview.Kinds.Select(kind => new PreviewedKindBody(kind.Kind, kind.Items, kind.Bytes))], preview.NeverHandedOver,
        [.. preview.Losses.Select(loss => new PreviewedLossBody(loss.Kind, loss.Items, loss.Examples))]);
}

/// <summary>Items of one kind: message, event, file…</summary>
public sealed record PreviewedKindBody(string Kind, long Items, long Bytes);

/// <summary>One way in which items would not be as they were.</summary>
/// <param name="Examples">Names of a few of them.</param>
public sealed record PreviewedLossBody(string Kind, long Items, ImmutableArray<string> Examples);

/// <summary>The job to watch.</summary>
public sealed record RestoreStartedBody(string Id);

/// <summary>Restore jobs of a tenant, newest first.</summary>
public sealed record RestoreListBody(ImmutableArray<RestoreStatusBody> Restores)
{
    /// <summary>What to give as <c>after</c> for the next part; null: this was the last.</summary>
    public string? Next { get; init; }
}

/// <summary>How a restore job stands. At its end asked = restored + skipped + failed.</summary>
/// <param name="Asked">Items that the selection names in the point.</param>
/// <param name="Restored">Items that are in the target because of this job.</param>
/// <param name="Skipped">Items left alone under the conflict policy: they are still there.</param>
/// <param name="Failed">Items that are not in the target.</param>
/// <param name="WithLosses">Of the restored: how many lost something that Microsoft 365 does not take back.</param>
/// <param name="Step">What it does now, in words.</param>
public sealed record RestoreStatusBody(
    string Id,
    RestoreState State,
    long Asked,
    long Restored,
    long Skipped,
    long Failed,
    long WithLosses,
    DateTimeOffset ReceivedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    string Step,
    string? Problem,
    RestoreRequestBody Request)
{
    /// <summary>Of the restored: how many were imported exactly as they were, in Exchange's own form. The others were made anew from what can be read of them.</summary>
    public long Imported { get; init; }

    public static RestoreStatusBody Of(RestoreStatus job) => new(
        job.Job.ToString(), job.State, job.Asked, job.Restored, job.Skipped, job.Failed, job.WithLosses, job.ReceivedAt,
        job.StartedAt, job.EndedAt, job.Step, job.Problem, RestoreRequestBody.Of(job.Request)) { Imported = job.Imported };
}

/// <summary>What was asked, with everything that was left open filled in.</summary>
/// <param name="RequestedBy">The holder of the API key.</param>
public sealed record RestoreRequestBody(
    string Resource, long Point, SelectionBody Selection, TargetBody Target, ConflictPolicy Conflict, bool Permissions, bool RemoveNewer, string RequestedBy)
{
    public static RestoreRequestBody Of(RestoreRequest request) => new(
        request.Point.Resource.LocalName, request.Point.Sequence, SelectionBody.Of(request.Selection),
        new TargetBody((request.TargetResource ?? request.Point.Resource).LocalName, request.TargetFolder) { Container = request.TargetContainer },
        request.Conflict, request.Permissions, request.RemoveNewer, request.RequestedBy);
}

/// <summary>A part of what became of each item, in the order in which they were done.</summary>
public sealed record OutcomeListBody(ImmutableArray<OutcomeBody> Outcomes)
{
    /// <summary>What to give as <c>after</c> for the next part; null: this was the last of what is done by now.</summary>
    public string? Next { get; init; }
}

/// <summary>What became of one item.</summary>
/// <param name="NewId">The id of the restored copy.</param>
/// <param name="Reason">Why it was skipped or failed; null for restored.</param>
/// <param name="Losses">What of a restored item is not as it was.</param>
public sealed record OutcomeBody(string ItemId, OutcomeKind Kind, string Subject, string? NewId, string? Reason, ImmutableArray<LossBody> Losses)
{
    /// <summary>export: imported exactly as it was; classic: made anew from what can be read of it. Null: there is one way only.</summary>
    public string? Way { get; init; }

    /// <summary>Why it was not imported though that was possible for others.</summary>
    public string? WayReason { get; init; }

    public static OutcomeBody Of(ItemOutcome outcome) => new(outcome.ItemId, outcome.Kind, outcome.Subject, outcome.NewId, outcome.Reason,
        [.. outcome.Losses.Select((text, at) => LossBody.Of(text, at < outcome.LossFacts.Length ? outcome.LossFacts[at] : null))])
    {
        Way = outcome.Way, WayReason = outcome.WayReason,
    };
}

/// <summary>Something of a restored item that is not as it was.</summary>
/// <param name="Kind">addresses, flagDates, draftDates, headers, messageClass, textAttached, attachment, attachmentName, attachedItemBytes, attachedItemAsFile, notBackedUp, messageId,
/// folderName, foldersMerged, notWrittenDown or unknown. Further kinds may come.</param>
/// <param name="Name">What of the item: a property of Microsoft Graph, an attachment, a folder.</param>
/// <param name="Count">How many, where it is about several.</param>
/// <param name="Text">The same in a sentence.</param>
public sealed record LossBody(string Kind, string? Name, int? Count, string Text)
{
    /// <param name="fact">Null: written by an earlier release.</param>
    public static LossBody Of(string text, LossFact? fact) => new(fact?.Kind ?? LossKinds.Unknown, fact?.Name, fact?.Count, text);
}
