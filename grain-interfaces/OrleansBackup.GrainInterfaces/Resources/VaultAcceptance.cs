using Orleans;

namespace OrleansBackup.GrainInterfaces.Resources;

/// <summary>Somebody's word that a resource's stored state is to be gone on from as it is found, older or cut short though it may be.</summary>
/// <param name="WasSetBack">What came after the newest point could not be read and is given up; the next run reads everything anew.</param>
/// <param name="NewestPoint">The restore point that runs go on from; null: none is left.</param>
[GenerateSerializer, Immutable, Alias("vault-acceptance")]
public sealed record VaultAcceptance(
    [property: Id(0)] PersonsDecision Decision, [property: Id(1)] bool WasSetBack, [property: Id(2)] long? NewestPoint);
