using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Budget;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Budget;
using OrleansBackup.Grains.Composition;
using OrleansBackup.Microsoft365;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Keys;

namespace OrleansBackup.Grains.Access;

/// <summary>One Graph client per tenant and process: sign-in, limits and statistics of a tenant are shared by all its runs here.</summary>
internal sealed class TenantConnections(
    IGrainFactory grains, GraphClientFactory clients, IKeyEncryption keys, AppCertificates certificates, IOptions<GraphBudgetOptions> budget, TimeProvider time, ILoggerFactory logs)
{
    private readonly ConcurrentDictionary<TenantId, Connection> _connections = new();

    public AppCertificates Certificates => certificates;

    /// <summary>The tenant's client. A changed credential gives a new one.</summary>
    /// <exception cref="NotFoundException">The tenant was never onboarded.</exception>
    public async Task<GraphClient> GetAsync(TenantId tenant, CancellationToken cancellation)
    {
        var access = await ClusterFault.OutlastAsync(() => grains.Tenant(tenant).GetAccess(cancellation), time, cancellation);
        if (_connections.TryGetValue(tenant, out var known) && known.Access == access)
            return known.Client;
        var connection = new Connection(access, Connect(tenant, access.ClientId, await ProofsAsync(access, cancellation)));
        _connections[tenant] = connection;
        return connection.Client;
    }

    /// <summary>At the end of the tenant.</summary>
    public void Forget(TenantId tenant) => _connections.TryRemove(tenant, out _);

    /// <summary>A client for a credential that is not stored yet: onboarding tries it first.</summary>
    public GraphClient Connect(TenantId tenant, string clientId, params ImmutableArray<AppProof> proofs) =>
        clients.Create(new TenantCredential(tenant.ToString(), clientId, proofs),
            new TenantRequestBudget(tenant, grains.GetGrain<IGraphBudgetGrain>(GrainKeys.Of(tenant)), budget.Value.Block, time,
                logs.CreateLogger<TenantRequestBudget>()));

    private async Task<ImmutableArray<AppProof>> ProofsAsync(TenantAccess access, CancellationToken cancellation)
    {
        if (access.Certificates.IsEmpty)
            return [new SecretProof(Encoding.UTF8.GetString(await keys.UnwrapAsync(Convert.FromBase64String(access.WrappedSecret), SecretContext(access.Tenant), cancellation)))];
        var proofs = ImmutableArray.CreateBuilder<AppProof>();
        foreach (var certificate in access.Certificates)
            proofs.Add(new CertificateProof(await certificates.OpenAsync(access.Tenant.ToString(), certificate, cancellation)));
        return proofs.ToImmutable();
    }

    /// <summary>The form in which a secret may be stored.</summary>
    public async Task<string> WrapSecretAsync(TenantId tenant, string secret, CancellationToken cancellation) =>
        Convert.ToBase64String(await keys.WrapAsync(Encoding.UTF8.GetBytes(secret), SecretContext(tenant), cancellation));

    /// <summary>The same secret in a form that needs the present key only; unchanged if it does already.</summary>
    public async Task<string> RewrapSecretAsync(TenantId tenant, string wrapped, ProviderKeys provider, CancellationToken cancellation)
    {
        var before = Convert.FromBase64String(wrapped);
        try
        {
            await provider.Current.UnwrapAsync(before, SecretContext(tenant), cancellation);
            return wrapped;
        }
        catch (WrongKeyException)
        {
            var secret = await keys.UnwrapAsync(before, SecretContext(tenant), cancellation);
            return Convert.ToBase64String(await provider.Current.WrapAsync(secret, SecretContext(tenant), cancellation));
        }
    }

    // A secret and a data key of one tenant must not be exchangeable.
    private static string SecretContext(TenantId tenant) => $"{tenant}/graph-secret";

    private sealed record Connection(TenantAccess Access, GraphClient Client);
}
