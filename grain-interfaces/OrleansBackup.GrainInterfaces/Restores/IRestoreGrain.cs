using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.GrainInterfaces.Restores;

/// <summary>One restore job: what was asked, how far it is, and what became of every single item.</summary>
/// <remarks>Key: <see cref="GrainKeys.Of(TenantId, RestoreJobId)"/>. Started through the tenant, which checks the request as a whole.</remarks>
[Alias("restore")]
public interface IRestoreGrain : IGrainWithStringKey
{
    /// <summary>Accepts the job. Safe to repeat: a job starts once.</summary>
    [Alias("start")]
    Task Start(RestoreRequest request, CancellationToken cancellation);

    /// <summary>Goes on with an interrupted job, if it is one.</summary>
    [Alias("resume")]
    Task Resume(CancellationToken cancellation);

    /// <summary>Stops after the items that are under way; what is restored stays.</summary>
    [Alias("cancel")]
    Task Cancel(CancellationToken cancellation);

    /// <summary>Clears all that is kept of a job that has ended. Safe to repeat.</summary>
    /// <returns>False: the job has not ended, and nothing was cleared.</returns>
    [Alias("forget")]
    Task<bool> Forget(CancellationToken cancellation);

    /// <exception cref="NotFoundException">There is no such job.</exception>
    [AlwaysInterleave, Alias("get-status")]
    Task<RestoreStatus> GetStatus(CancellationToken cancellation);

    /// <summary>Status until the job ends. Cancelling stops the watching, never the job.</summary>
    [AlwaysInterleave, Alias("watch")]
    IAsyncEnumerable<RestoreStatus> Watch(CancellationToken cancellation);

    /// <summary>Stops the job and forgets everything about it, at the end of its tenant.</summary>
    [AlwaysInterleave, Alias("abandon")]
    Task Abandon(CancellationToken cancellation);

    /// <summary>What became of each item, in the order in which they were done; pages from 0.</summary>
    [AlwaysInterleave, Alias("list-outcomes")]
    Task<ImmutableArray<ItemOutcome>> ListOutcomes(int page, CancellationToken cancellation);
}

/// <summary>What to put back, from where, to where.</summary>
/// <param name="Selection">What of the point.</param>
/// <param name="TargetResource">The resource to restore into; null: the one it came from.</param>
/// <param name="TargetFolder">Names of a folder under which everything is put, made if absent; empty: the original places.</param>
/// <param name="RequestedBy">Who asked, for the record.</param>
[GenerateSerializer, Immutable, Alias("restore-request")]
public sealed record RestoreRequest(
    [property: Id(0)] RestorePointId Point,
    [property: Id(1)] RestoreSelection Selection,
    [property: Id(2)] ResourceId? TargetResource,
    [property: Id(3)] ImmutableArray<string> TargetFolder,
    [property: Id(4)] ConflictPolicy Conflict,
    [property: Id(5)] string RequestedBy)
{
    /// <summary>Whether sharing permissions are put back too. They are always recorded.</summary>
    [Id(6)] public bool Permissions { get; init; }

    /// <summary>Whether what is in the chosen folders now and was not then goes to the recycle bin, so that they are as they were. Drives only.</summary>
    [Id(7)] public bool RemoveNewer { get; init; }

    /// <summary>The library, calendar or channel of the target to put it into, by Microsoft's id; null: where it belongs.</summary>
    [Id(8)] public string? TargetContainer { get; init; }

    /// <summary>Only to see that it comes back: what is made is read again and taken away. Nobody is told of it: nothing is published, nothing reminds, no meeting is imported with its
    /// attendees, no channel is opened. It goes behind everything that somebody waits for.</summary>
    [Id(9)] public bool IsRehearsal { get; init; }

    /// <summary>The customer's request that it carries out, once approved. Only the book of requests says so; null: an operator began it himself.</summary>
    [Id(10)] public Guid? CustomerRequest { get; init; }
}

/// <summary>What of a point is put back: everything, some folders with all below them, or single items.</summary>
[GenerateSerializer, Immutable, Alias("restore-selection")]
public sealed record RestoreSelection(
    [property: Id(0)] bool Everything,
    [property: Id(1)] ImmutableArray<string> FolderIds,
    [property: Id(2)] ImmutableArray<string> ItemIds)
{
    public static RestoreSelection All { get; } = new(true, [], []);

    public static RestoreSelection Folder(string id) => new(false, [id], []);

    public static RestoreSelection Item(string id) => new(false, [], [id]);
}

/// <summary>What to do with an item that is still there.</summary>
public enum ConflictPolicy
{
    /// <summary>Leave what is there and count the item as skipped.</summary>
    Skip = 1,

    /// <summary>Put a second one beside it.</summary>
    Copy = 2,

    /// <summary>Put the restored one there and then delete the other.</summary>
    Overwrite = 3,
}

public enum RestoreState
{
    Accepted = 1,
    Running = 2,

    /// <summary>Every item asked for was restored, or skipped under the policy.</summary>
    Completed = 3,

    /// <summary>The job ran to its end, but some items failed; each is listed.</summary>
    CompletedWithFailures = 4,

    /// <summary>The job could not go on; what was done is listed, everything else counts as failed.</summary>
    Failed = 5,
    Cancelled = 6,
}

/// <summary>How a job stands. At its end <c>Asked = Restored + Skipped + Failed</c>, always, with three different meanings.</summary>
/// <param name="Asked">Items that the selection names in the point, those included that Microsoft 365 never handed over.</param>
/// <param name="Restored">Items that are in the target now because of this job.</param>
/// <param name="Skipped">Items left alone under the conflict policy: they are still there.</param>
/// <param name="Failed">Items that are not in the target.</param>
/// <param name="WithLosses">Of the restored: how many lost something that Microsoft 365 does not take back; each outcome says what.</param>
[GenerateSerializer, Immutable, Alias("restore-status")]
public sealed record RestoreStatus(
    [property: Id(0)] TenantId Tenant,
    [property: Id(1)] RestoreJobId Job,
    [property: Id(2)] RestoreRequest Request,
    [property: Id(3)] RestoreState State,
    [property: Id(4)] long Asked,
    [property: Id(5)] long Restored,
    [property: Id(6)] long Skipped,
    [property: Id(7)] long Failed,
    [property: Id(8)] long WithLosses,
    [property: Id(9)] DateTimeOffset ReceivedAt,
    [property: Id(10)] DateTimeOffset? StartedAt,
    [property: Id(11)] DateTimeOffset? EndedAt,
    [property: Id(12)] string Step,
    [property: Id(13)] string? Problem,
    [property: Id(14)] int OutcomePages)
{
    /// <summary>Of the restored: how many went the exact way (<see cref="RestoreWays.Export"/>). The others were made anew from their readable form.</summary>
    [Id(15)] public long Imported { get; init; }

    public bool Ended => State is RestoreState.Completed or RestoreState.CompletedWithFailures or RestoreState.Failed or RestoreState.Cancelled;
}

public enum OutcomeKind
{
    Restored = 1,
    Skipped = 2,
    Failed = 3,
}

/// <summary>What became of one item.</summary>
/// <param name="NewId">The id of the restored copy.</param>
/// <param name="Reason">Why it was skipped or failed; null for restored.</param>
/// <param name="Losses">What of a restored item is not as it was, each in a sentence.</param>
[GenerateSerializer, Immutable, Alias("item-outcome")]
public sealed record ItemOutcome(
    [property: Id(0)] string ItemId,
    [property: Id(1)] OutcomeKind Kind,
    [property: Id(2)] string Subject,
    [property: Id(3)] string? NewId,
    [property: Id(4)] string? Reason,
    [property: Id(5)] ImmutableArray<string> Losses)
{
    /// <summary>The same as data, in the same order. Outcomes of earlier releases have none.</summary>
    [Id(6)] public ImmutableArray<LossFact> LossFacts { get; init; } = [];

    /// <summary>Which way it was put back: a word of <see cref="RestoreWays"/>. Null: there is one only, or an earlier release.</summary>
    [Id(7)] public string? Way { get; init; }

    /// <summary>Why the exact way was not taken, though it was there; null: it was, or it was not there.</summary>
    [Id(8)] public string? WayReason { get; init; }
}

/// <summary>The ways to put a mailbox's items back. Stored: a word, once used, keeps its meaning.</summary>
public static class RestoreWays
{
    /// <summary>Imported in Exchange's own form: exactly as it was.</summary>
    public const string Export = "export";

    /// <summary>Made anew from what can be read of it; what Microsoft 365 does not take back is lost and named.</summary>
    public const string Classic = "classic";
}

/// <summary>What of a restored item is not as it was, for programs.</summary>
/// <param name="Kind">One word of <see cref="LossKinds"/> or of the connector's list; a program treats one that it does not know as not excused.</param>
/// <param name="Name">What of the item, where the kind alone does not say it: a property of Graph, an attachment, a folder.</param>
/// <param name="Count">How many, where it is about several.</param>
[GenerateSerializer, Immutable, Alias("loss-fact")]
public sealed record LossFact([property: Id(0)] string Kind, [property: Id(1)] string? Name, [property: Id(2)] int? Count);

/// <summary>Kinds of loss that come from the backup or the job and not from the writing into the mailbox. Stored: a word, once used, keeps its meaning.</summary>
public static class LossKinds
{
    /// <summary>Nothing more is known than the sentence.</summary>
    public const string Unknown = "unknown";

    /// <summary>Microsoft 365 did not hand over all of it when it was backed up.</summary>
    public const string NotBackedUp = "notBackedUp";

    /// <summary>The message had no message id; the service gives it one.</summary>
    public const string MessageId = "messageId";

    /// <summary>The folder, or one above it, has another name; <c>Name</c> is the one that it had.</summary>
    public const string FolderName = "folderName";

    /// <summary>Two folders of one name are one now; <c>Name</c> is that name.</summary>
    public const string FoldersMerged = "foldersMerged";

    /// <summary>It was put back just before the job was interrupted; what it lost was not written down.</summary>
    public const string NotWrittenDown = "notWrittenDown";
}

/// <summary>One page of a job's outcomes, kept apart so that a job of a million items stays a small state.</summary>
/// <remarks>Key: <see cref="GrainKeys.OfOutcomes"/>. A page is written once, whole.</remarks>
[Alias("restore-outcomes")]
public interface IRestoreOutcomesGrain : IGrainWithStringKey
{
    [Alias("write")]
    Task Write(ImmutableArray<ItemOutcome> outcomes, CancellationToken cancellation);

    /// <summary>Leaves nothing of the page. Safe to repeat.</summary>
    [Alias("clear")]
    Task Clear(CancellationToken cancellation);

    [AlwaysInterleave, Alias("read")]
    Task<ImmutableArray<ItemOutcome>> Read(CancellationToken cancellation);
}
