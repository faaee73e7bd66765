using System.Collections.Immutable;
using Orleans;
using OrleansBackup.GrainInterfaces.Restores;

namespace OrleansBackup.Grains.Restores;

/// <summary>What a restore job remembers; every item's outcome stands in its own page beside it.</summary>
[GenerateSerializer, Immutable, Alias("restore-state")]
internal sealed record RestoreJobState : StoredState
{
    [Id(0)] public RestoreStatus? Status { get; init; }

    /// <summary>Attempts that a passing fault ended.</summary>
    [Id(1)] public int Attempts { get; init; }

    [Id(2)] public DateTimeOffset? LastAttemptEndedAt { get; init; }

    /// <summary>One more page of outcomes stands. The job gets on, so earlier failed attempts no longer count.</summary>
    public RestoreJobState WithPage(ImmutableArray<ItemOutcome> outcomes) => this with
    {
        Attempts = 0,
        Status = Status! with
        {
            Restored = Status.Restored + outcomes.Count(outcome => outcome.Kind == OutcomeKind.Restored),
            Skipped = Status.Skipped + outcomes.Count(outcome => outcome.Kind == OutcomeKind.Skipped),
            Failed = Status.Failed + outcomes.Count(outcome => outcome.Kind == OutcomeKind.Failed),
            Imported = Status.Imported + outcomes.Count(outcome => outcome is { Kind: OutcomeKind.Restored, Way: RestoreWays.Export }),
            WithLosses = Status.WithLosses + outcomes.Count(outcome => !outcome.Losses.IsEmpty),
            OutcomePages = Status.OutcomePages + 1,
        },
    };

    /// <summary>Asked was counted; it is counted once, so a job's figures never move.</summary>
    [Id(3)] public bool Counted { get; init; }
}
