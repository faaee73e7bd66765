using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.GrainInterfaces.Tenants;

/// <summary>Work over all tenants of the provider: a rotation of the provider's key, or a recovery from the stores.</summary>
/// <param name="Done">Tenants that are done.</param>
/// <param name="Problems">What stands in the way, one whole sentence for each tenant; the others are done. Ask again once that is put right.</param>
/// <param name="EndedAt">Null: it is going on, also after a crash.</param>
/// <param name="Result">What came of it, in a whole sentence; null until it has ended.</param>
[GenerateSerializer, Immutable, Alias("provider-job")]
public sealed record ProviderJobStatus(
    [property: Id(0)] PersonsDecision Asked,
    [property: Id(1)] int Tenants,
    [property: Id(2)] ImmutableArray<TenantId> Done,
    [property: Id(3)] ImmutableArray<string> Problems,
    [property: Id(4)] DateTimeOffset? EndedAt,
    [property: Id(5)] string? Result)
{
    public bool IsOpen => EndedAt is null;
}

/// <summary>What was found of one tenant in a store.</summary>
/// <param name="Problems">What could not be read, one sentence each; the rest is back.</param>
[GenerateSerializer, Immutable, Alias("tenant-recovery")]
public sealed record TenantRecovery([property: Id(0)] int Resources, [property: Id(1)] int Points, [property: Id(2)] ImmutableArray<string> Problems);

/// <summary>What a resource is to know again when the database is lost.</summary>
/// <param name="Settings">How it was protected, or how its tenant protects where its own card is gone.</param>
[GenerateSerializer, Immutable, Alias("resource-recovery")]
public sealed record ResourceRecovery(
    [property: Id(0)] ResourceSettings Settings,
    [property: Id(1)] bool Protected,
    [property: Id(2)] string? Reason,
    [property: Id(3)] LegalHoldRecord? Hold,
    [property: Id(4)] BrakeRecord? Brake);
