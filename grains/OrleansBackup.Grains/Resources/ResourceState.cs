using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Forecast;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Retention;
using OrleansBackup.Domain.Runs;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Resources.History;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Resources;

/// <summary>What a resource remembers. Additive: a field, once written, keeps its meaning; the vault is the truth about points.</summary>
[GenerateSerializer, Immutable, Alias("resource-state")]
internal sealed record ResourceState : StoredState
{
    /// <summary>Ended runs that are kept: about two months of daily runs.</summary>
    public const int KeptRuns = 60;

    [Id(0)] public ResourceSettings? Settings { get; init; }
    [Id(1)] public bool Protected { get; init; }
    [Id(2)] public OpenRun? OpenRun { get; init; }
    [Id(3)] public DateTimeOffset? LastGoodStart { get; init; }
    [Id(4)] public DateTimeOffset? LastComparedAt { get; init; }
    [Id(5)] public int FailuresInARow { get; init; }
    [Id(6)] public DateTimeOffset? LastFailureAt { get; init; }
    [Id(7)] public RunOutcome LastOutcome { get; init; }
    [Id(8)] public string? Problem { get; init; }
    [Id(9)] public FaultCause Cause { get; init; }

    /// <summary>Oldest first.</summary>
    [Id(10)] public PackedList<RestorePointSummary, PointPacking> Points { get; init; } = [];

    /// <summary>Newest first.</summary>
    [Id(11)] public PackedList<RunRecord, RunPacking> Runs { get; init; } = [];

    [Id(12)] public BrakeRecord? Brake { get; init; }
    [Id(13)] public LegalHoldRecord? Hold { get; init; }

    /// <summary>Puts the brake on if the points since somebody last looked say so. One that is on stays as it is.</summary>
    public ResourceState WithBrake(BrakeOptions options, DateTimeOffset now)
    {
        if (Brake is { IsOn: true } || Points.IsEmpty)
            return this;
        var counts = Runs.Where(run => run.SealedPoint is not null).ToLookup(run => run.SealedPoint!.Value, run => run.Progress.Counts);
        var looked = Brake?.ReleasedPoint ?? 0;
        var samples = Points.Where(point => point.Sequence >= looked).Select(point => new ChangeSample(
            point.Sequence, point.Items, counts[point.Sequence].Sum(run => run.Changed), counts[point.Sequence].Sum(run => run.Removed)));
        var reasons = ExpiryBrake.Judge([.. samples], options);
        return reasons.IsEmpty ? this : this with { Brake = new BrakeRecord(now, Points[^1].Sequence, reasons, null, 0) };
    }

    [Id(14)] public ScrubState Scrub { get; init; } = new();

    /// <summary>How far the vault had come, as text (<see cref="VaultMark"/>). Null: not known.</summary>
    [Id(15)] public string? Mark { get; init; }

    /// <summary>The last time that somebody let runs go on from less than was remembered.</summary>
    [Id(16)] public VaultAcceptance? Accepted { get; init; }

    /// <summary>When the points of a released resource were last looked through for what is no longer owed. Null: never.</summary>
    [Id(17)] public DateTimeOffset? TendedAt { get; init; }

    /// <summary>When the vault was last asked after a run what no longer is owed. Null: never, or not since it could not be done.</summary>
    [Id(18)] public DateTimeOffset? LookedThroughAt { get; init; }

    /// <summary>Hash of the card that lies beside the backups, as far as is known. Null: not known.</summary>
    [Id(19)] public string? Card { get; init; }

    /// <summary>What the first backup took; null: not known, or it went on after a process died, and what it took before that is not known.</summary>
    [Id(20)] public FirstBackupCost? FirstBackup { get; init; }

    /// <summary>When an item of it was last put back into Microsoft 365. Null: never, or not since this is written down.</summary>
    [Id(21)] public DateTimeOffset? LastRestoreAt { get; init; }

    /// <summary>When an item of it was last restored in a rehearsal and came back as it was; of earlier releases, when one was read. Null: never.</summary>
    [Id(22)] public DateTimeOffset? LastRehearsedAt { get; init; }

    /// <summary>An erasure that was begun and has not ended: until then no run begins, since the newest state may be that of an old day. Null: none.</summary>
    [Id(23)] public ErasureOrder? Erasure { get; init; }

    /// <summary>When each slice of the stored bytes was last read, in the order of slices; shorter before the first round has ended.</summary>
    [Id(24)] public ImmutableArray<DateTimeOffset> SlicesReadAt { get; init; } = [];

    /// <summary>Trials that have made, or are about to make, a scratch place in it. A run asks them to clear it first.</summary>
    [Id(25)] public ImmutableArray<string> Trials { get; init; } = [];

    /// <summary>Something of it was erased and must not come back; which items stands in the vault.</summary>
    [Id(26)] public bool HasErased { get; init; }

    /// <summary>After a slice of the stored bytes was read. The last of a round has read everything that was left, however many slices that was to be.</summary>
    public ResourceState WithSlice(ScrubSlice slice, DateTimeOffset now)
    {
        var (read, first) = (SlicesReadAt.ToBuilder(), Scrub.SlicesRead);
        for (var at = first; at < (slice.Cursor is null ? ScrubSchedule.SlicesOfRound : Math.Min(first + 1, ScrubSchedule.SlicesOfRound)); at++)
            if (at < read.Count)
                read[at] = now;
            else
                read.Add(now);
        return this with { Scrub = Scrub.With(slice, now), SlicesReadAt = read.ToImmutable() };
    }

    public ResourceState WithDamage(DamagedObjectException? damage) => damage is null ? this : this with { Scrub = Scrub.With(damage) };

    public ResourceState WithDamage(ImmutableArray<DamagedObjectException> damage) => damage.Aggregate(this, (state, one) => state.WithDamage(one));

    public ResourceState WithMark(VaultMark? mark) =>
        mark is null ? this : this with { Mark = VaultMark.Later(Mark is null ? null : VaultMark.Parse(Mark), mark).ToString() };

    public ResourceState WithSealed(RunRecord record, RestorePointSummary point, TimeSpan worked, TimeSpan waited) => WithEnded(record) with
    {
        LastGoodStart = point.StartedAt,
        LastComparedAt = point.ComparedWithListing ? point.SealedAt : LastComparedAt,
        FailuresInARow = 0,
        LastFailureAt = null,
        FirstBackup = Points.IsEmpty && record.Progress.Reason != RunReason.Resumed ? CostOf(record.Progress, worked, waited) : FirstBackup,
        Points = Points.Any(known => known.Sequence == point.Sequence) ? Points : Points.Add(point),
    };

    private static FirstBackupCost CostOf(RunProgress run, TimeSpan worked, TimeSpan waited) => new(
        worked, waited, run.Counts.Added + run.Counts.Changed, run.Counts.DownloadedBytes, run.Counts.Requests,
        new ToldSize(run.ItemsExpected > 0 ? run.ItemsExpected : null, run.BytesExpected > 0 ? run.BytesExpected : null));

    public ResourceState WithFailed(RunRecord record, DateTimeOffset now) => WithEnded(record) with
    {
        FailuresInARow = FailuresInARow + 1,
        LastFailureAt = now,
    };

    public ResourceState WithEnded(RunRecord record) => this with
    {
        OpenRun = null,
        LastOutcome = record.Progress.Outcome,
        Problem = record.Progress.Problem,
        Cause = record.Progress.Cause,
        Runs = [record, .. Runs.Where(known => known.Progress.Run != record.Progress.Run).Take(KeptRuns - 1)],
    };
}

/// <summary>A run that began and has not ended. Found at activation, it means that the process died under it.</summary>
[GenerateSerializer, Immutable, Alias("open-run")]
internal sealed record OpenRun(
    [property: Id(0)] RunId Run,
    [property: Id(1)] RunReason Reason,
    [property: Id(2)] DateTimeOffset StartedAt,
    [property: Id(3)] bool CompareListing);
