using Orleans;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Schedule;

namespace OrleansBackup.GrainInterfaces.Tenants;

/// <summary>What a resource is due for at its next moment, or has been due for since it passed. From what is known of the resource, not from a reminder: a tick is a hint.</summary>
/// <param name="DueAt">In the past: due since then.</param>
/// <param name="Standing">Healthy while the moment is still to come.</param>
/// <param name="Running">A run is under way or waits for its place, as the resource last said.</param>
/// <param name="Problem">What the resource last said of itself, or null.</param>
[GenerateSerializer, Immutable, Alias("due-work")]
public sealed record DueWork(
    [property: Id(0)] ResourceId Resource,
    [property: Id(1)] string DisplayName,
    [property: Id(2)] string Address,
    [property: Id(3)] DueKind What,
    [property: Id(4)] DateTimeOffset DueAt,
    [property: Id(5)] BackupStanding Standing,
    [property: Id(6)] bool Running,
    [property: Id(7)] string? Problem)
{
    public DuePlace Place => new(DueAt, Resource.ToString());
}

public enum DueKind
{
    /// <summary>A protected resource's daily run.</summary>
    Backup = 1,

    /// <summary>A released resource's daily care: its points expire, its stored bytes are read again.</summary>
    Care = 2,
}

/// <summary>Where in the list of what is due something stands.</summary>
/// <param name="Resource">Tells apart what is due at one moment.</param>
[GenerateSerializer, Immutable, Alias("due-place")]
public sealed record DuePlace([property: Id(0)] DateTimeOffset DueAt, [property: Id(1)] string Resource);

/// <summary>The longest overdue first; what is due at one moment by its resource.</summary>
public sealed class DueOrder : IComparer<DuePlace>
{
    public static DueOrder Instance { get; } = new();

    public int Compare(DuePlace? x, DuePlace? y) => Nullable.Compare(x?.DueAt, y?.DueAt) is not 0 and var byTime ? byTime : string.CompareOrdinal(x?.Resource, y?.Resource);
}
