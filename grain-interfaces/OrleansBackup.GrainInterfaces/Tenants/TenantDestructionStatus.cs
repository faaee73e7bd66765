using Orleans;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.GrainInterfaces.Tenants;

/// <summary>Where the destruction of a tenant is.</summary>
public enum DestructionState
{
    /// <summary>It goes on by itself until everything is gone.</summary>
    Destroying,

    /// <summary>The key is gone and the record is signed; the store may not delete everything yet, and is asked again each day.</summary>
    WaitingForRetention,

    /// <summary>Everything is gone; the signed record is kept.</summary>
    Done,

    /// <summary>It failed before anything was destroyed; the tenant is as it was.</summary>
    Failed,
}

/// <summary>An order to destroy a tenant.</summary>
/// <param name="Confirmation">Exactly <c>destroy</c>, a space, and the tenant's id: so that nobody destroys another tenant than meant.</param>
/// <param name="Who">Who orders it; stands in the signed record.</param>
/// <param name="Why">Stands in the signed record.</param>
[GenerateSerializer, Immutable, Alias("destruction-request")]
public sealed record DestructionRequest([property: Id(0)] string Confirmation, [property: Id(1)] string Who, [property: Id(2)] string Why);

/// <summary>The destruction of a tenant.</summary>
/// <param name="Objects">What the tenant had, with <paramref name="Bytes"/>; 0 until the record is made.</param>
/// <param name="ObjectsLeft">What the store may not delete yet; it is unreadable like the rest.</param>
/// <param name="KeptUntil">When the last of it can go; null: nothing is left, or the store does not say.</param>
/// <param name="HasRecord">The signed record can be downloaded.</param>
/// <param name="Attempts">Failed attempts in a row.</param>
[GenerateSerializer, Immutable, Alias("tenant-destruction")]
public sealed record TenantDestructionStatus(
    [property: Id(0)] PersonsDecision Ordered,
    [property: Id(1)] DestructionState State,
    [property: Id(2)] string Step,
    [property: Id(3)] string? Problem,
    [property: Id(4)] DateTimeOffset? EndedAt,
    [property: Id(5)] long Objects,
    [property: Id(6)] long Bytes,
    [property: Id(7)] long ObjectsLeft,
    [property: Id(8)] string? KeptUntil,
    [property: Id(9)] bool HasRecord,
    [property: Id(10)] int Attempts,
    [property: Id(11)] DateTimeOffset? LastAttemptAt)
{
    public bool IsOpen => State is DestructionState.Destroying or DestructionState.WaitingForRetention;
}
