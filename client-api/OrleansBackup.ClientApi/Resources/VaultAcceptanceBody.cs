using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.ClientApi.Resources;

/// <summary>Somebody's word that a resource's stored state is to be gone on from as it is found.</summary>
/// <param name="WasSetBack">What came after the newest point could not be read and is given up; the next run reads everything anew.</param>
/// <param name="NewestPoint">The restore point that runs go on from; null: none is left.</param>
public sealed record VaultAcceptanceBody(DecisionBody Decision, bool WasSetBack, long? NewestPoint)
{
    public static VaultAcceptanceBody Of(VaultAcceptance acceptance) => new(DecisionBody.Of(acceptance.Decision)!, acceptance.WasSetBack, acceptance.NewestPoint);
}
