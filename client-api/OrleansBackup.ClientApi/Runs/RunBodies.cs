using System.Collections.Immutable;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.ClientApi.Runs;

/// <summary>Runs of a resource, newest first; the one that is going is among them.</summary>
public sealed record RunListBody(ImmutableArray<RunBody> Runs)
{
    /// <summary>What to give as <c>after</c> for the next part; null: this was the last.</summary>
    public string? Next { get; init; }
}

/// <summary>How to run.</summary>
/// <param name="CompareListing">Compare with an independent listing of Microsoft 365 before the point is sealed; default false.</param>
public sealed record RunRequestBody(bool? CompareListing);

/// <summary>The run to watch.</summary>
public sealed record RunStartedBody(string Id);

/// <summary>One attempt to back up a resource.</summary>
/// <param name="ItemsExpected">For a progress bar only: the counters of Microsoft 365 are not exact.</param>
/// <param name="BytesExpected">In the same way; 0: Microsoft 365 does not say.</param>
/// <param name="ExpectedEnd">When a first backup is expected to end, from how it has gone so far; null: too early to say, or no first backup.</param>
/// <param name="Step">What it does now, in words.</param>
/// <param name="Cause">Whose side the problem lies on.</param>
/// <param name="SealedPoint">The restore point that it sealed, or null.</param>
public sealed record RunBody(
    string Id,
    RunReason Reason,
    RunOutcome Outcome,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    RunCountsBody Counts,
    long ItemsExpected,
    long BytesExpected,
    DateTimeOffset? ExpectedEnd,
    string Step,
    string? Problem,
    FaultCause Cause,
    long? SealedPoint,
    ImmutableArray<string> Warnings)
{
    public static RunBody Of(RunRecord run) => Of(run.Progress) with { SealedPoint = run.SealedPoint, Warnings = run.Warnings };

    public static RunBody Of(RunProgress run) => new(
        run.Run.ToString(), run.Reason, run.Outcome, run.StartedAt, run.EndedAt, RunCountsBody.Of(run.Counts), run.ItemsExpected, run.BytesExpected, run.ExpectedEnd,
        run.Step, run.Problem, run.Cause, SealedPoint: null, Warnings: []);
}

/// <summary>What a run did, in items unless it says bytes, requests, folders or segments.</summary>
public sealed record RunCountsBody(
    long Added,
    long Changed,
    long PropertiesChanged,
    long Removed,
    long Failed,
    long Healed,
    long Folders,
    long DownloadedBytes,
    long Requests,
    long Throttled,
    long Segments)
{
    public static RunCountsBody Of(RunCounts counts) => new(
        counts.Added, counts.Changed, counts.PropertiesChanged, counts.Removed, counts.Failed, counts.Healed, counts.Folders,
        counts.DownloadedBytes, counts.Requests, counts.Throttled, counts.Segments);
}
