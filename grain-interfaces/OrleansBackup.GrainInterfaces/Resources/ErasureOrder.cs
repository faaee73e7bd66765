using System.Collections.Immutable;
using Orleans;

namespace OrleansBackup.GrainInterfaces.Resources;

/// <summary>Whose data to erase from a resource's restore points.</summary>
/// <param name="Id">Names the erasure in the points and in the audit book.</param>
/// <param name="ItemIds">Items; ignored if everything goes.</param>
[GenerateSerializer, Immutable, Alias("erasure-order")]
public sealed record ErasureOrder([property: Id(0)] Guid Id, [property: Id(1)] bool Everything, [property: Id(2)] ImmutableArray<string> ItemIds, [property: Id(3)] PersonsDecision Decision)
{
    /// <summary>So many items one order names at most.</summary>
    public const int MostItems = 10_000;
}

/// <summary>What an erasure did.</summary>
/// <param name="Items">How many of the items any point held.</param>
/// <param name="Points">How many points were sealed again without them.</param>
/// <param name="GoneAfter">When the next expiry deletes the last objects that only they used; shared chunks go with the tenant's sweeps after that.</param>
[GenerateSerializer, Immutable, Alias("erasure-outcome")]
public sealed record ErasureOutcome([property: Id(0)] Guid Id, [property: Id(1)] int Items, [property: Id(2)] int Points, [property: Id(3)] DateTimeOffset GoneAfter);
