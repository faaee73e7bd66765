using System.Collections.Immutable;
using Orleans;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.GrainInterfaces.Tenants;

/// <summary>Where a move of a tenant to another store is.</summary>
public enum MoveState
{
    /// <summary>Objects are copied and compared; runs of the tenant wait. Nothing has changed for anybody else.</summary>
    Copying,

    /// <summary>The tenant is in the new store and works there; the old one is being emptied.</summary>
    Erasing,

    /// <summary>As before, but the old store may not delete everything yet; it is tried again each day.</summary>
    WaitingForRetention,

    /// <summary>The old store holds nothing of the tenant any more, except what is named as a stray.</summary>
    Done,

    /// <summary>Given up before the switch; the tenant is where it was. Asking again goes on with what is copied.</summary>
    Failed,
}

/// <summary>A move of a tenant to another store.</summary>
/// <param name="Step">What it does or waits for now, in plain words.</param>
/// <param name="Problem">What went wrong last, or null.</param>
/// <param name="SwitchedAt">Since when the tenant is in the new store; null: it is not.</param>
/// <param name="Objects">How many objects were found equal in both stores before the switch.</param>
/// <param name="Erased">Objects gone from the old store so far.</param>
/// <param name="Late">Objects that were still written to the old store and taken over.</param>
/// <param name="Retained">Objects that the old store may not delete yet.</param>
/// <param name="Strays">Objects of the old store that are another object in the new one; left where they are.</param>
/// <param name="Attempts">Failed attempts in a row.</param>
[GenerateSerializer, Immutable, Alias("tenant-move")]
public sealed record TenantMoveStatus(
    [property: Id(0)] string From,
    [property: Id(1)] string To,
    [property: Id(2)] PersonsDecision Asked,
    [property: Id(3)] MoveState State,
    [property: Id(4)] string Step,
    [property: Id(5)] string? Problem,
    [property: Id(6)] DateTimeOffset? SwitchedAt,
    [property: Id(7)] DateTimeOffset? EndedAt,
    [property: Id(8)] long Objects,
    [property: Id(9)] long Bytes,
    [property: Id(10)] long Erased,
    [property: Id(11)] long Late,
    [property: Id(12)] long Retained,
    [property: Id(13)] ImmutableArray<string> Strays,
    [property: Id(14)] int Attempts,
    [property: Id(15)] DateTimeOffset? LastAttemptAt)
{
    public bool IsOpen => State is MoveState.Copying or MoveState.Erasing or MoveState.WaitingForRetention;
}
