using System.Collections.Immutable;

namespace OrleansBackup.Vault;

/// <summary>What an erasure did to a resource's restore points.</summary>
/// <param name="Items">How many of the ids any point held.</param>
/// <param name="Points">Points that stand in the place of others now, oldest first. Points from before the first that held any of it stay as they are.</param>
/// <param name="Pruned">What the removal of the replaced points condemned and deleted.</param>
public sealed record ErasureResult(int Items, ImmutableArray<ReplacedPoint> Points, PruneResult Pruned);

/// <summary>One point that stands in the place of another.</summary>
/// <param name="Sequence">Of the point that is there now.</param>
/// <param name="Replaced">Of the point that was.</param>
public sealed record ReplacedPoint(long Sequence, long Replaced);

/// <summary>What a replacement point says of itself, among its <see cref="RestorePoint.Details"/>.</summary>
public static class ErasureDetails
{
    /// <summary>The erasure that made the point, as its record is called. A point that was replaced twice names the later; the earlier stands in its own record.</summary>
    public const string Erasure = "erasure";

    /// <summary>The sequence of the point that it stands for.</summary>
    public const string Replaces = "erasure-replaces";

    /// <summary>Where the log ended when the erasure began.</summary>
    internal const string Head = "erasure-head";
}
