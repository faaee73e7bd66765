using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Keeping;

namespace OrleansBackup.Grains.Keeping;

/// <summary>What is remembered of the keeping of documents. Additive: a field, once written, keeps its meaning.</summary>
[GenerateSerializer, Immutable, Alias("document-keeping-state")]
internal sealed record DocumentKeepingState : StoredState
{
    /// <summary>False: what stands in the ledger about holds and deletions was not read yet, as after the loss of the database.</summary>
    [Id(0)] public bool IsSynced { get; init; }

    [Id(1)] public ImmutableArray<DocumentHold> Holds { get; init; } = [];

    [Id(2)] public DateOnly? DoneOn { get; init; }

    [Id(3)] public DateTimeOffset? CaughtUpAt { get; init; }

    /// <summary>Of the catch-up that goes on: who is done.</summary>
    [Id(4)] public ImmutableHashSet<TenantId> CaughtUp { get; init; } = [];

    /// <summary>Names of the evidence, newest first.</summary>
    [Id(5)] public ImmutableArray<string> Deletions { get; init; } = [];

    [Id(6)] public long Deleted { get; init; }

    [Id(7)] public long Held { get; init; }

    [Id(8)] public string? Problem { get; init; }

    /// <summary>A deletion whose evidence is decided and which is not carried out yet.</summary>
    [Id(9)] public PendingDeletion? Pending { get; init; }
}

/// <param name="Name">Of the evidence in the ledger.</param>
/// <param name="Text">Of the evidence.</param>
[GenerateSerializer, Immutable, Alias("pending-deletion")]
internal sealed record PendingDeletion([property: Id(0)] string Name, [property: Id(1)] string Text);
