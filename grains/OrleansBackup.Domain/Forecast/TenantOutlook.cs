using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.Domain.Forecast;

/// <summary>What is foretold of the first backups of a tenant.</summary>
/// <param name="Left">Until all of them are done; null: too early to say. Zero when nothing is left.</param>
/// <param name="LeftAtLeast">Shorter than this it takes once in ten times, as far as what was seen can tell.</param>
/// <param name="LeftAtMost">Longer than this it takes once in ten times.</param>
public sealed record TenantOutlook(TimeSpan? Left, TimeSpan? LeftAtLeast, TimeSpan? LeftAtMost, Bottleneck Bottleneck, LimitedService? Service, ImmutableArray<KindOutlook> Kinds);

/// <summary>The first backups of one kind of resource.</summary>
/// <param name="RunTimeLeft">Of all runs one after the other; null: too early to say.</param>
public sealed record KindOutlook(ResourceKind Kind, int Waiting, int UnderWay, int Done, long Items, long Bytes, long Requests, TimeSpan Worked, TimeSpan? RunTimeLeft);

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
