using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Portal.Hosting;
using OrleansBackup.Portal.Pages.Consequences;

namespace OrleansBackup.Portal.Pages.Holds;

/// <summary>What keeps restore points of a tenant from going: legal holds, and brakes that went on by themselves.</summary>
/// <param name="WholeTenant">The settings hold everything.</param>
/// <param name="HasContract">The hold of the whole tenant is lifted by a proposal of other settings, since the customer has to be told.</param>
public sealed record HoldsModel(
    TenantId Tenant, string TenantName, bool WholeTenant, bool HasContract, ImmutableArray<ResourceListing> Held, ImmutableArray<ResourceListing> Braked, FormInput Input, string? Refused, string? Done);

/// <summary>What can be let go of, by a second person's word.</summary>
public enum Release
{
    Hold = 1,
    Brake = 2,

    /// <summary>A vault that is not as it was left is gone on from as it is found.</summary>
    Vault = 3,
}

/// <summary>A release before it is proposed.</summary>
/// <param name="Resource">Null: the hold of the whole tenant.</param>
/// <param name="Losses">What goes at once; null: there is no list of it.</param>
public sealed record ReleaseModel(TenantId Tenant, string TenantName, ResourceId? Resource, string About, Release Release, Losses? Losses, FormInput Input, string? Refused)
{
    public string Address => Resource is { } resource ? $"{Tenants.TenantReader.AddressOf(resource)}/release/{Release.ToString().ToLowerInvariant()}" : $"/tenants/{Tenant}/holds/release";
}
