using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Directory;
using PermissionState = OrleansBackup.GrainInterfaces.Tenants.PermissionState;

namespace OrleansBackup.Grains.Tenants;

/// <summary>Tries a credential for real before a tenant is taken into service.</summary>
internal static class TenantSignIn
{
    /// <summary>What is asked for, nothing of it granted.</summary>
    public static ImmutableArray<PermissionState> Asked { get; } =
        [.. PermissionReport.Asked.Findings.Select(finding => new PermissionState(finding.Name, Granted: false, finding.NeededForBackup, finding.NeededForRestore, finding.Purpose))];

    /// <exception cref="TenantAccessRefusedException">The tenant is another one, or a permission that backup needs is missing.</exception>
    /// <exception cref="TenantAccessException">Microsoft refused the sign-in.</exception>
    public static async Task<ImmutableArray<PermissionState>> CheckAsync(GraphClient client, TenantId tenant, CancellationToken cancellation)
    {
        var permissions = await ReadPermissionsAsync(client, cancellation);
        var missing = permissions.Where(permission => permission is { NeededForBackup: true, Granted: false }).Select(permission => permission.Name).ToList();
        if (missing.Count > 0)
            throw new TenantAccessRefusedException(
                $"The app lacks permissions in this tenant: {string.Join(", ", missing)}. Ask an administrator of the customer to consent to them, then try again.");
        await RequireTenantAsync(client, tenant, cancellation);
        return permissions;
    }

    /// <summary>As <see cref="CheckAsync"/>, but what is missing is an answer.</summary>
    public static async Task<ImmutableArray<PermissionState>> TryAsync(GraphClient client, TenantId tenant, CancellationToken cancellation)
    {
        var permissions = await ReadPermissionsAsync(client, cancellation);
        if (permissions.All(permission => permission is not { NeededForBackup: true, Granted: false })) // without those it cannot even be asked which tenant it is
            await RequireTenantAsync(client, tenant, cancellation);
        return permissions;
    }

    private static async Task RequireTenantAsync(GraphClient client, TenantId tenant, CancellationToken cancellation)
    {
        var organization = await new DirectoryReader(client).ReadOrganizationAsync(cancellation);
        if (!TenantId.TryParse(organization.TenantId, out var signedInTo) || signedInTo != tenant)
            throw new TenantAccessRefusedException($"This credential signs in to tenant {organization.TenantId}, not to {tenant}.");
    }

    public static async Task<ImmutableArray<PermissionState>> ReadPermissionsAsync(GraphClient client, CancellationToken cancellation)
    {
        var report = await new DirectoryReader(client).CheckPermissionsAsync(cancellation);
        // Unknown counts as granted: a refusal that only shows later is told by the run that meets it.
        return [.. report.Findings.Select(finding => new PermissionState(
            finding.Name, finding.State != Microsoft365.Directory.PermissionState.Missing, finding.NeededForBackup, finding.NeededForRestore, finding.Purpose))];
    }
}
