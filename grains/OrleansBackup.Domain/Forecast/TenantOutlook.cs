using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.Domain.Forecast;

/// <summary>What is foretold of the first backups of a tenant.</summary>
/// <param name="Left">Until all of them are done; null: too early to say. Zero when nothing is left.</param>
/// <param name="LeftAtLeast">Shorter than this it takes once in ten times, as far as what was seen can tell.</param>
/// <param name="LeftAtMost">Longer than this it takes once in ten times.</param>
/// <param name="Service">The one that grants no more, where that is the bottleneck.</param>
[GenerateSerializer, Immutable, Alias("tenant-outlook")]
public sealed record TenantOutlook(
    [property: Id(0)] TimeSpan? Left,
    [property: Id(1)] TimeSpan? LeftAtLeast,
    [property: Id(2)] TimeSpan? LeftAtMost,
    [property: Id(3)] Bottleneck Bottleneck,
    [property: Id(4)] LimitedService? Service,
    [property: Id(5)] ImmutableArray<KindOutlook> Kinds)
{
    /// <summary>How many first backups wait or are under way.</summary>
    public int BackupsLeft => Kinds.Sum(kind => kind.Waiting + kind.UnderWay);
}

/// <summary>The first backups of one kind of resource.</summary>
/// <param name="RunTimeLeft">Of all runs one after the other; null: too early to say.</param>
[GenerateSerializer, Immutable, Alias("kind-outlook")]
public sealed record KindOutlook(
    [property: Id(0)] ResourceKind Kind,
    [property: Id(1)] int Waiting,
    [property: Id(2)] int UnderWay,
    [property: Id(3)] int Done,
    [property: Id(4)] long Items,
    [property: Id(5)] long Bytes,
    [property: Id(6)] long Requests,
    [property: Id(7)] TimeSpan Worked,
    [property: Id(8)] TimeSpan? RunTimeLeft);

/// <summary>What the end of the first backups depends on most.</summary>
public enum Bottleneck
{
    /// <summary>Nothing is left, or it is too early to say.</summary>
    None = 0,

    /// <summary>Microsoft 365 grants no more requests to one of its services.</summary>
    GraphBudget = 1,

    /// <summary>More runs wait than there are places for, and those under way spend their time on requests.</summary>
    Places = 2,

    /// <summary>The runs spend most of their time on bytes: the connection, the vault's store, or how fast Microsoft 365 sends.</summary>
    BytesPerSecond = 3,

    /// <summary>One large resource takes longer than all others together with their wait.</summary>
    OneResource = 4,
}
