using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Rehearsals;
using OrleansBackup.GrainInterfaces.Restores;

namespace OrleansBackup.Grains.Rehearsals;

/// <summary>What a trial remembers. Additive: a field, once written, keeps its meaning.</summary>
[GenerateSerializer, Immutable, Alias("rehearsal-trial-state")]
internal sealed record RehearsalTrialState : StoredState
{
    /// <summary>Null: nothing was asked yet.</summary>
    [Id(0)] public DrawnItem? Drawn { get; init; }

    /// <summary>What came of it; null: not known yet.</summary>
    [Id(1)] public RehearsedItem? Item { get; init; }

    /// <summary>The restore that is going, or whose place is not cleared yet; written down before anything is made. Null: nothing is there.</summary>
    [Id(2)] public TrialRestore? Restore { get; init; }

    /// <summary>Whether an attempt to clear the place has failed since the item is known.</summary>
    [Id(3)] public bool IsClearingOwed { get; init; }

    /// <summary>The answer was taken.</summary>
    [Id(4)] public bool IsSettled { get; init; }

    /// <summary>When the last attempt failed, and how many did.</summary>
    [Id(5)] public DateTimeOffset? FailedAt { get; init; }

    [Id(6)] public int Failures { get; init; }

    /// <summary>The item as it was read back; null: not yet.</summary>
    [Id(7)] public RehearsedItem? Read { get; init; }

    /// <summary>Since when a run keeps it waiting; null: none does.</summary>
    [Id(8)] public DateTimeOffset? WaitsSince { get; init; }
}

/// <summary>A restore of a trial.</summary>
/// <param name="Holds">Resources whose backup waits for its end.</param>
[GenerateSerializer, Immutable, Alias("trial-restore")]
internal sealed record TrialRestore([property: Id(0)] RestoreJobId Job, [property: Id(1)] RestoreRequest Request, [property: Id(2)] ImmutableArray<ResourceId> Holds);
