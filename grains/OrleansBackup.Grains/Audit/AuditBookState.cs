using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Audit;

namespace OrleansBackup.Grains.Audit;

/// <summary>What an audit book remembers of itself; bounded, since full parts stand elsewhere. Additive: a field, once written, keeps its meaning.</summary>
[GenerateSerializer, Immutable, Alias("audit-book-state")]
internal sealed record AuditBookState : StoredState
{
    /// <summary>Of all entries.</summary>
    [Id(0)] public long Count { get; init; }

    /// <summary>Of the last entry.</summary>
    [Id(1)] public string Hash { get; init; } = AuditEntry.NothingBefore;

    /// <summary>When the last entry was made.</summary>
    [Id(2)] public DateTimeOffset? At { get; init; }

    /// <summary>Full parts.</summary>
    [Id(3)] public long Parts { get; init; }

    /// <summary>The entries after the last full part.</summary>
    [Id(4)] public ImmutableArray<AuditEntry> Open { get; init; } = [];

    /// <summary>Where the part ends that was deleted after its term; whole parts. Null: nothing was.</summary>
    [Id(5)] public AuditEnd? Deleted { get; init; }

    /// <summary>So many parts are deleted where they stood; a crash may leave it behind <see cref="Deleted"/>.</summary>
    [Id(6)] public long PartsCleared { get; init; }

    /// <summary>Every entry up to here that is an event was handed to its subscriptions; null: a book from before there was a mark, whose entries were told when they were made.</summary>
    [Id(7)] public long? Told { get; init; }

    public long ToldUntil => Told ?? Count;
}

/// <summary>A full part.</summary>
[GenerateSerializer, Immutable, Alias("audit-part-state")]
internal sealed record AuditPartState : StoredState
{
    [Id(0)] public ImmutableArray<AuditEntry> Entries { get; init; } = [];
}
