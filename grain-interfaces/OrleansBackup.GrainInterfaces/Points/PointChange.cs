using System.Collections.Immutable;
using Orleans;

namespace OrleansBackup.GrainInterfaces.Points;

/// <summary>What became of something between two restore points.</summary>
public enum PointChangeKind
{
    /// <summary>Only the second point has it.</summary>
    Added = 1,

    /// <summary>Both have it, and not alike.</summary>
    Changed = 2,

    /// <summary>Only the first point has it.</summary>
    Removed = 3,
}

/// <summary>In what something differs between two restore points.</summary>
public enum ItemDifference
{
    /// <summary>It lies in another folder.</summary>
    Moved = 1,

    /// <summary>It has another name or subject.</summary>
    Renamed = 2,

    /// <summary>Its bytes: text, attachments, a file's content.</summary>
    Content = 3,

    /// <summary>What else Microsoft 365 says of it: read or not, flags, permissions…</summary>
    Properties = 4,
}

/// <summary>An item, or a folder of any kind, that is not in both points alike.</summary>
/// <param name="Before">As the first point has it; null: added.</param>
/// <param name="After">As the second point has it; null: removed.</param>
/// <param name="Differences">Of what changed.</param>
[GenerateSerializer, Immutable, Alias("point-change")]
public sealed record PointChange(
    [property: Id(0)] PointChangeKind Change, [property: Id(1)] ItemAtPoint? Before, [property: Id(2)] ItemAtPoint? After, [property: Id(3)] ImmutableArray<ItemDifference> Differences)
{
    public string Id => (After ?? Before)!.Id;
}
