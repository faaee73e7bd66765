using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using OrleansBackup.Domain.Checks;
using OrleansBackup.Domain.Forecast;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Rehearsals;
using OrleansBackup.Domain.Results;
using OrleansBackup.Domain.Retention;
using OrleansBackup.Domain.Runs;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.GrainInterfaces.Rehearsals;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.GrainInterfaces.Resources;

/// <summary>What every kind of protected resource can do: take its own daily restore points, keep them, and say how it stands.</summary>
/// <remarks>Key: <see cref="GrainKeys.Of(ResourceId)"/>. Every call answers within one short turn; none waits for a run.</remarks>
public interface IProtectedResourceGrain : IGrainWithStringKey
{
    /// <summary>Takes the resource into daily backup, or changes how. Safe to repeat. The first run starts soon.</summary>
    [Alias("protect")]
    Task Protect(ResourceSettings settings, CancellationToken cancellation);

    /// <summary>Stops further runs. Restore points stay until their retention ends.</summary>
    [Alias("release")]
    Task Release(string reason, CancellationToken cancellation);

    /// <summary>Starts a run, unless one is going, and names the run to watch: the new one or that one.</summary>
    /// <param name="compareListing">Compare with an independent listing of Microsoft 365 before the point is sealed.</param>
    /// <exception cref="NotPossibleNowException">The resource is not protected; nothing was started.</exception>
    [Alias("start-run")]
    Task<RunId> StartRun(RunReason reason, bool compareListing, CancellationToken cancellation);

    /// <summary>Starts a run only if one is due or was interrupted. A reminder's tick, a tenant's sweep and a start of the process all come here.</summary>
    /// <returns>True when a run is going now.</returns>
    [Alias("start-if-due")]
    Task<bool> StartIfDue(CancellationToken cancellation);

    /// <summary>Begins what the daily reminder asks for beside a run, if it is due: letting points of a released resource expire, and reading stored bytes again.
    /// A tick can be lost; the tenant's sweep comes here for it (<see cref="ResourceHealth.CareDueAt"/>).</summary>
    [Alias("tend")]
    Task Tend(CancellationToken cancellation);

    /// <summary>Asks the run to stop after its current segment. The next run goes on from there.</summary>
    [Alias("cancel-run")]
    Task<bool> CancelRun(CancellationToken cancellation);

    /// <exception cref="NotFoundException">The resource was never taken into protection.</exception>
    [AlwaysInterleave, Alias("get-status")]
    Task<ResourceStatus> GetStatus(CancellationToken cancellation);

    /// <summary>What the resource waits for, since when, in plain words.</summary>
    [AlwaysInterleave, Alias("why")]
    Task<WaitingReason> Why(CancellationToken cancellation);

    /// <summary>Progress of the run that is going, or the end of the one that was. Cancelling stops the watching, never the run.</summary>
    /// <exception cref="NotFoundException">No such run is known.</exception>
    [AlwaysInterleave, Alias("watch-run")]
    IAsyncEnumerable<RunProgress> WatchRun(RunId run, CancellationToken cancellation);

    /// <summary>Ended runs and the one that is going, newest first.</summary>
    [AlwaysInterleave, Alias("list-runs")]
    Task<ImmutableArray<RunRecord>> ListRuns(CancellationToken cancellation);

    /// <summary>Restore points that can be put back now, newest first.</summary>
    [AlwaysInterleave, Alias("list-points")]
    Task<ImmutableArray<RestorePointSummary>> ListPoints(CancellationToken cancellation);

    /// <summary>Items that could not be read and are tried again at each run, as of the newest point.</summary>
    [AlwaysInterleave, Alias("list-debts")]
    Task<ImmutableArray<ItemDebt>> ListDebts(CancellationToken cancellation);

    /// <summary>Lets points go that retention no longer owes, now. Returns what went.</summary>
    [Alias("expire-points")]
    Task<ExpiryResult> ExpirePoints(CancellationToken cancellation);

    /// <summary>How the brake on expiry and the legal hold stand.</summary>
    [AlwaysInterleave, Alias("get-expiry-standing")]
    Task<ExpiryStanding> GetExpiryStanding(CancellationToken cancellation);

    /// <summary>Somebody has looked at what the brake went on for: points expire again. Changes up to the newest point never put it on again.</summary>
    /// <exception cref="InvalidRequestException">Who or why is missing.</exception>
    /// <exception cref="NotPossibleNowException">The brake is not on.</exception>
    [Alias("release-brake")]
    Task<ExpiryStanding> ReleaseBrake(string who, string why, CancellationToken cancellation);

    /// <summary>From when this returns no point of this resource expires, whatever its rule says. Safe to repeat; the first hold stays.</summary>
    [Alias("place-legal-hold")]
    Task<ExpiryStanding> PlaceLegalHold(string who, string why, CancellationToken cancellation);

    /// <summary>Ends the resource's own hold. A hold of its tenant goes on.</summary>
    [Alias("lift-legal-hold")]
    Task<ExpiryStanding> LiftLegalHold(string who, string why, CancellationToken cancellation);

    /// <summary>Stops what of this resource writes to the vault and answers when nothing does. Only useful while its tenant says that it is paused: then
    /// nothing new begins, and what was stopped goes on by itself afterwards.</summary>
    [AlwaysInterleave, ResponseTimeout("00:10:00"), Alias("quiesce")]
    Task Quiesce(CancellationToken cancellation);

    /// <summary>Begins again from what its card in the vault says, with the restore points that are there. Safe to repeat; one that knows its settings is left as it is.</summary>
    /// <returns>How many restore points it has.</returns>
    [Alias("recover")]
    Task<int> Recover(ResourceRecovery recovery, CancellationToken cancellation);

    /// <summary>Forgets everything about the resource, at the end of its tenant; the vault is not touched.</summary>
    [AlwaysInterleave, ResponseTimeout("00:10:00"), Alias("forget")]
    Task Forget(CancellationToken cancellation);

    /// <summary>Checks the stored data: structure only, or every byte.</summary>
    [AlwaysInterleave, Alias("check-vault")]
    Task<VaultCheck> CheckVault(bool everyByte, CancellationToken cancellation);

    /// <summary>Somebody has looked why the stored state is older than remembered, or cannot be read to its end: runs go on from what is there. What cannot
    /// be read is given up, back to the newest whole restore point, and read anew from Microsoft 365.</summary>
    /// <exception cref="InvalidRequestException">Who or why is missing.</exception>
    /// <exception cref="NotPossibleNowException">A run is going.</exception>
    [ResponseTimeout("00:10:00"), Alias("accept-vault")]
    Task<VaultAcceptance> AcceptVault(string who, string why, CancellationToken cancellation);

    /// <summary>Reads the next share of the stored bytes now, as the resource does by itself every day, and says what is damaged.</summary>
    [AlwaysInterleave, Alias("scrub")]
    Task<ScrubReport> Scrub(CancellationToken cancellation);

    /// <summary>The points that a rehearsal can draw from, by <see cref="InventoryLine.Ages(int, string, string, string)"/>. Empty: there are none.</summary>
    /// <param name="previousRecord">The hash of the signed record before.</param>
    /// <exception cref="VaultUnavailableException">They cannot be read.</exception>
    [AlwaysInterleave, ResponseTimeout("00:10:00"), Alias("list-for-rehearsal-after")]
    Task<ImmutableArray<RehearsalPoint>> ListForRehearsal(string previousRecord, CancellationToken cancellation);

    /// <summary>A trial is about to make a scratch place in it. No run begins before the trial has cleared it or was asked to. Safe to repeat.</summary>
    /// <param name="trial">The key of an <see cref="IRehearsalTrialGrain"/>.</param>
    /// <returns>False: a run is going, which would take what the trial makes for the customer's.</returns>
    [AlwaysInterleave, Alias("hold-for-rehearsal")]
    Task<bool> HoldForRehearsal(string trial, CancellationToken cancellation);

    /// <summary>The trial has cleared its scratch place. Safe to repeat.</summary>
    [AlwaysInterleave, Alias("release-from-rehearsal")]
    Task ReleaseFromRehearsal(string trial, CancellationToken cancellation);

    /// <summary>A drawn item of it was restored and came back as it was. Safe to repeat.</summary>
    [AlwaysInterleave, Alias("note-rehearsal")]
    Task NoteRehearsal(DateTimeOffset at, CancellationToken cancellation);

    /// <summary>Brings a drawn item back: reads it from the store, decrypts it, hashes it again. What is wrong with it is in the answer, never thrown.</summary>
    [AlwaysInterleave, ResponseTimeout("01:00:00"), Alias("rehearse")]
    Task<RehearsedItem> Rehearse(DrawnItem drawn, CancellationToken cancellation);

    /// <summary>How sure it is that what is stored comes back: what was read again lately, and when something last was restored.</summary>
    /// <exception cref="NotFoundException">The resource was never taken into protection.</exception>
    [AlwaysInterleave, Alias("get-restorability")]
    Task<Restorability> GetRestorability(CancellationToken cancellation);

    /// <summary>An item of it was put back into Microsoft 365. Safe to repeat.</summary>
    [Alias("note-restore")]
    Task NoteRestore(DateTimeOffset at, CancellationToken cancellation);

    /// <summary>Takes items, or all there is, out of every restore point, as the law can demand. Their bytes are gone from the store once the grace period and the sweeps after it
    /// have passed. No run goes on meanwhile. Safe to repeat with the same id, and after a crash to be repeated.</summary>
    /// <exception cref="InvalidRequestException">An item is a folder or another container.</exception>
    /// <exception cref="NotPossibleNowException">A legal hold stands, a run is going, or the tenant is paused; nothing was changed.</exception>
    [ResponseTimeout("01:00:00"), Alias("erase")]
    Task<ErasureOutcome> Erase(ErasureOrder order, CancellationToken cancellation);
}

/// <summary>A mailbox under protection: of a user, shared, of a room or of equipment.</summary>
[Alias("mailbox")]
public interface IMailboxGrain : IProtectedResourceGrain;

/// <summary>The OneDrive of a user under protection. Its key holds the user's id: the drive may be made anew, the history goes on.</summary>
[Alias("onedrive")]
public interface IOneDriveGrain : IProtectedResourceGrain;

/// <summary>A SharePoint site under protection, with its libraries, lists and pages.</summary>
[Alias("site")]
public interface ISiteGrain : IProtectedResourceGrain;

/// <summary>A team under protection: its settings, members and channels. Its files are in its sites.</summary>
[Alias("team")]
public interface ITeamGrain : IProtectedResourceGrain;

/// <summary>How a resource is protected; handed down by its tenant.</summary>
[GenerateSerializer, Immutable, Alias("resource-settings")]
public sealed record ResourceSettings(
    [property: Id(0)] string DisplayName,
    [property: Id(1)] string Address,
    [property: Id(2)] RetentionRule Retention,
    [property: Id(3)] BackupWindow Window,
    [property: Id(4)] bool HiddenFolders)
{
    /// <summary>Into how many parts its tenant was divided when it said so (<see cref="TenantParts"/>); 0: not told, and how it stands is reported to the tenant itself.</summary>
    [Id(5)]
    public int Parts { get; init; }
}

/// <summary>One restore point of one resource.</summary>
[GenerateSerializer, Immutable, Alias("restore-point-id")]
public readonly record struct RestorePointId([property: Id(0)] ResourceId Resource, [property: Id(1)] long Sequence);

/// <summary>A sealed state of a resource that can be put back.</summary>
/// <param name="Day">The contract's calendar day that it stands for.</param>
/// <param name="Items">Messages, events, contacts, files… in it: what is neither a folder of any kind nor owed.</param>
/// <param name="Folders">Folders, calendars, lists, channels…: what items lie in.</param>
/// <param name="LogicalBytes">Size of those items as they came from Microsoft 365.</param>
/// <param name="Debts">Items that Microsoft 365 listed but could not hand over.</param>
/// <param name="ComparedWithListing">True: compared with an independent listing before it was sealed.</param>
[GenerateSerializer, Immutable, Alias("restore-point")]
public sealed record RestorePointSummary(
    [property: Id(0)] long Sequence,
    [property: Id(1)] DateOnly Day,
    [property: Id(2)] DateTimeOffset StartedAt,
    [property: Id(3)] DateTimeOffset SealedAt,
    [property: Id(4)] RunId Run,
    [property: Id(5)] long Items,
    [property: Id(6)] long Folders,
    [property: Id(7)] long LogicalBytes,
    [property: Id(8)] long Debts,
    [property: Id(9)] bool ComparedWithListing,
    [property: Id(10)] DateOnly OwedUntil)
{
    /// <summary>Parts of the resource that the run was not permitted to read: what the point has of them is older.</summary>
    [Id(11)] public ImmutableArray<LackingPart> Lacks { get; init; } = [];
}

/// <summary>A part of a resource that a restore point lacks.</summary>
/// <param name="Part">mail, calendar, contacts, tasks, drive, site, team…</param>
[GenerateSerializer, Immutable, Alias("lacking-part")]
public sealed record LackingPart([property: Id(0)] string Part, [property: Id(1)] string Reason);

/// <summary>How a resource stands, as it tells its tenant.</summary>
[GenerateSerializer, Immutable, Alias("resource-health")]
public sealed record ResourceHealth(
    [property: Id(0)] ResourceId Resource,
    [property: Id(1)] RunOutcome LastOutcome,
    [property: Id(2)] DateTimeOffset? LastGoodStart,
    [property: Id(3)] DateTimeOffset? LastSealedAt,
    [property: Id(4)] DateTimeOffset NextMoment,
    [property: Id(5)] int RestorePoints,
    [property: Id(6)] long Items,
    [property: Id(7)] long LogicalBytes,
    [property: Id(8)] long Debts,
    [property: Id(9)] bool Running,
    [property: Id(10)] string? Problem,
    [property: Id(11)] FaultCause Cause)
{
    /// <summary>From when a resource that no run comes to any more is to be tended because its daily tick was lost: it is released and still has points. Null: it needs none, or
    /// said nothing of it yet.</summary>
    [Id(12)] public DateTimeOffset? CareDueAt { get; init; }

    /// <summary>What its first backup took; null: there is none yet, or it was not measured as a whole.</summary>
    [Id(13)] public FirstBackupCost? FirstBackup { get; init; }

    /// <summary>Daily moments of the last <see cref="MissedMoment.DaysTold"/> days that got no good backup before the next one came, oldest first; usually none. One that lies open still is not among them.</summary>
    [Id(20)] public ImmutableArray<MissedMoment> Missed { get; init; } = [];

    /// <summary>Parts that its newest restore point lacks.</summary>
    [Id(21)] public ImmutableArray<LackingPart> Lacks { get; init; } = [];

    /// <summary>What kind of fault ended its newest run; none: none did.</summary>
    [Id(22)] public FaultKind Fault { get; init; }

    /// <summary>How its daily backup went lately.</summary>
    [Id(23)] public ResultDays Results { get; init; }

    /// <summary>What its newest run that sealed a point found changed; null: it is not known any more.</summary>
    [Id(24)] public ItemsChanged? Change { get; init; }

    /// <summary>A legal hold of the resource itself stands.</summary>
    [Id(25)] public bool Held { get; init; }

    /// <summary>The brake on its expiry is on: somebody has to look at its changes.</summary>
    [Id(26)] public bool Braked { get; init; }
}

/// <summary>What a run found changed, in items.</summary>
/// <param name="Changed">In content or properties.</param>
[GenerateSerializer, Immutable, Alias("item-change")]
public sealed record ItemsChanged([property: Id(0)] long Added, [property: Id(1)] long Changed, [property: Id(2)] long Removed);

/// <summary>Everything about a resource that a front page shows.</summary>
[GenerateSerializer, Immutable, Alias("resource-status")]
public sealed record ResourceStatus(
    [property: Id(0)] ResourceId Resource,
    [property: Id(1)] ResourceSettings Settings,
    [property: Id(2)] bool Protected,
    [property: Id(3)] ResourceHealth Health,
    [property: Id(4)] RunProgress? CurrentRun,
    [property: Id(5)] WaitingReason Waiting)
{
    /// <summary>When it was last asked to start a run that is due, it began none because too many wait in its process already, or its process is being stopped.</summary>
    [Id(6)] public bool TurnedAway { get; init; }

    /// <summary>How long the run that is going has worked since it got its place; zero: none is.</summary>
    [Id(7)] public TimeSpan Worked { get; init; }

    /// <summary>For how much of that some of its requests waited until the tenant's budget granted them; as of its newest segment.</summary>
    [Id(8)] public TimeSpan Waited { get; init; }
}

/// <summary>What something waits for, in plain words, and since when.</summary>
[GenerateSerializer, Immutable, Alias("waiting-reason")]
public sealed record WaitingReason([property: Id(0)] string For, [property: Id(1)] DateTimeOffset Since, [property: Id(2)] DateTimeOffset? Until);

/// <summary>How far a run has come. Figures are for this run, not for the mailbox.</summary>
/// <param name="ItemsExpected">What Microsoft 365's own counters promise; they lie, so it is for a progress bar only.</param>
[GenerateSerializer, Immutable, Alias("run-progress")]
public sealed record RunProgress(
    [property: Id(0)] RunId Run,
    [property: Id(1)] RunReason Reason,
    [property: Id(2)] RunOutcome Outcome,
    [property: Id(3)] DateTimeOffset StartedAt,
    [property: Id(4)] DateTimeOffset? EndedAt,
    [property: Id(5)] RunCounts Counts,
    [property: Id(6)] long ItemsExpected,
    [property: Id(7)] string Step,
    [property: Id(8)] string? Problem,
    [property: Id(9)] FaultCause Cause)
{
    /// <summary>Bytes that Microsoft 365 says there are; 0: it does not say.</summary>
    [Id(10)] public long BytesExpected { get; init; }

    /// <summary>When a first backup is expected to end, as it has gone so far. Null: too early to say, or no first backup.</summary>
    [Id(11)] public DateTimeOffset? ExpectedEnd { get; init; }

    /// <summary>What kind of fault ended it; none in runs of earlier releases, of which only the cause is known.</summary>
    [Id(20)] public FaultKind Fault { get; init; }
}

/// <summary>What the first backup of a resource took, as the tenant's forecast learns from it.</summary>
/// <param name="Worked">Without the wait for a place.</param>
/// <param name="Waited">For how much of that some of its requests waited for the tenant's budget.</param>
/// <param name="Requests">Of files, resource units.</param>
[GenerateSerializer, Immutable, Alias("first-backup-cost")]
public sealed record FirstBackupCost(
    [property: Id(0)] TimeSpan Worked,
    [property: Id(1)] TimeSpan Waited,
    [property: Id(2)] long Items,
    [property: Id(3)] long Bytes,
    [property: Id(4)] long Requests,
    [property: Id(5)] ToldSize Told);

/// <summary>What a run did.</summary>
/// <param name="Added">Items new in the mailbox.</param>
/// <param name="Changed">Items whose content was read again.</param>
/// <param name="PropertiesChanged">Items of which only properties (read state, flag, folder…) changed: nothing was downloaded.</param>
/// <param name="Removed">Items gone from the mailbox.</param>
/// <param name="Failed">Items on the debt list at the end of the run.</param>
/// <param name="Healed">Differences with the independent listing that the run put right.</param>
[GenerateSerializer, Immutable, Alias("run-counts")]
public sealed record RunCounts(
    [property: Id(0)] long Added,
    [property: Id(1)] long Changed,
    [property: Id(2)] long PropertiesChanged,
    [property: Id(3)] long Removed,
    [property: Id(4)] long Failed,
    [property: Id(5)] long Healed,
    [property: Id(6)] long Folders,
    [property: Id(7)] long DownloadedBytes,
    [property: Id(8)] long Requests,
    [property: Id(9)] long Throttled,
    [property: Id(10)] long Segments)
{
    public static RunCounts Zero { get; } = new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}

/// <summary>An ended run (or the one that is going), as it is kept.</summary>
[GenerateSerializer, Immutable, Alias("run-record")]
public sealed record RunRecord(
    [property: Id(0)] RunProgress Progress,
    [property: Id(1)] long? SealedPoint,
    [property: Id(2)] ImmutableArray<string> Warnings);

/// <summary>An item that Microsoft 365 lists but that could not be read. It is tried again at each run.</summary>
[GenerateSerializer, Immutable, Alias("item-debt")]
public sealed record ItemDebt(
    [property: Id(0)] string ItemId,
    [property: Id(1)] string? FolderId,
    [property: Id(2)] string Subject,
    [property: Id(3)] string Error,
    [property: Id(4)] DateTimeOffset Since,
    [property: Id(5)] int Attempts);

/// <summary>What went when points expired.</summary>
[GenerateSerializer, Immutable, Alias("expiry-result")]
public sealed record ExpiryResult([property: Id(0)] ImmutableArray<long> Gone, [property: Id(1)] int Kept, [property: Id(2)] long ReclaimedBytes);
