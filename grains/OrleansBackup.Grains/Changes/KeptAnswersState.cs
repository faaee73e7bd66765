using System.Collections.Immutable;
using Orleans;
using OrleansBackup.GrainInterfaces.Changes;

namespace OrleansBackup.Grains.Changes;

/// <summary>Requests of one caller that came with a key. Additive.</summary>
[GenerateSerializer, Immutable, Alias("kept-answers-state")]
internal sealed record KeptAnswersState : StoredState
{
    /// <summary>By the hash of the key.</summary>
    [Id(0)] public ImmutableSortedDictionary<string, KeptEntry> Entries { get; init; } = ImmutableSortedDictionary<string, KeptEntry>.Empty;
}

/// <summary>One request.</summary>
/// <param name="Answer">Null: it is under way, or broke off.</param>
[GenerateSerializer, Immutable, Alias("kept-entry")]
internal sealed record KeptEntry([property: Id(0)] string RequestHash, [property: Id(1)] DateTimeOffset At, [property: Id(2)] KeptAnswer? Answer)
{
    public int Characters => Answer?.Body?.Length ?? 0;
}
