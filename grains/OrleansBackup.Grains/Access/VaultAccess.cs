using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Access;

/// <summary>From the service's ids to the vault's names, and from the vault's errors to the service's.</summary>
internal sealed class VaultAccess(VaultRepository repository)
{
    public Task CreateTenantAsync(TenantId tenant, CancellationToken cancellation) => repository.CreateTenantAsync(tenant.ToString(), cancellation);

    public Task<ResourceVault> OpenAsync(ResourceId resource, CancellationToken cancellation) => repository.OpenAsync(NameOf(resource), cancellation);

    public Task<SweepResult> SweepAsync(TenantId tenant, CancellationToken cancellation) => repository.SweepAsync(tenant.ToString(), cancellation);

    /// <summary>The vault's name of a resource. Stored: the form never changes.</summary>
    public static ResourceName NameOf(ResourceId resource) =>
        new(resource.Tenant.ToString(), $"{resource.Kind.Token()}-{resource.ObjectId.ToLowerInvariant()}");

    /// <summary>What a caller may see of a vault error.</summary>
    public static ServiceException Translate(VaultException exception) => exception switch
    {
        RestorePointNotFoundException => new NotFoundException("This restore point does not exist, or has expired."),
        _ => new VaultUnavailableException(exception.Message),
    };
}
