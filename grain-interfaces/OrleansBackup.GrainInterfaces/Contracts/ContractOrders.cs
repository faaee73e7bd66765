using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Plans;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.GrainInterfaces.Contracts;

/// <summary>What a new contract is to say.</summary>
/// <param name="Plan">The id of a plan that is sold.</param>
/// <param name="Prerequisites">By required service: what shows that the customer has it.</param>
/// <param name="Reference">Where the written contract is found.</param>
[GenerateSerializer, Immutable, Alias("contract-order")]
public sealed record ContractOrder(
    [property: Id(0)] string Plan, [property: Id(1)] DateOnly Start, [property: Id(2)] ImmutableArray<PlanOverride> Overrides, [property: Id(3)] ImmutableSortedDictionary<string, string> Prerequisites,
    [property: Id(4)] string Reference);

/// <summary>Something that may make restore points unrecoverable. Of the three only the part that belongs to the kind is read.</summary>
[GenerateSerializer, Immutable, Alias("act-order")]
public sealed record ActOrder([property: Id(0)] ActKind Kind, [property: Id(1)] string Why)
{
    /// <summary>The settings that the tenant is to have.</summary>
    [Id(2)] public TenantSettings? Settings { get; init; }

    /// <summary>The plan that is to hold.</summary>
    [Id(3)] public PlanOrder? Plan { get; init; }
}

/// <summary>Another plan from a day on.</summary>
/// <param name="NewTerm">A new first term begins on that day.</param>
[GenerateSerializer, Immutable, Alias("plan-order")]
public sealed record PlanOrder(
    [property: Id(0)] string Plan, [property: Id(1)] DateOnly From, [property: Id(2)] ImmutableArray<PlanOverride> Overrides, [property: Id(3)] bool NewTerm, [property: Id(4)] string Reference);

/// <summary>What a tenant's contract means for its backups now.</summary>
/// <param name="RunsHalted">Why no run begins, in a whole sentence; null: runs begin.</param>
/// <param name="ExpiryHalted">Why no restore point expires; null: retention goes on.</param>
/// <param name="DestructionRefused">Why the tenant must not be destroyed now; null: the day has come.</param>
/// <param name="Problem">What waits for a person; null: nothing.</param>
[GenerateSerializer, Immutable, Alias("contract-rule")]
public sealed record ContractRule([property: Id(0)] string? RunsHalted, [property: Id(1)] string? ExpiryHalted, [property: Id(2)] string? DestructionRefused, [property: Id(3)] string? Problem)
{
    /// <summary>How many proposals wait for a second person.</summary>
    [Id(4)] public int WaitingForSecond { get; init; }
}
