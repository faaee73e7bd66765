using System.Collections.Immutable;
using System.Text;

namespace OrleansBackup.Microsoft365;

/// <summary>What the application signs in to one tenant with. No secret shows in <see cref="object.ToString"/>, logs or errors.</summary>
/// <param name="TenantId">Directory id (GUID) of the tenant; a verified domain works as well.</param>
/// <param name="ClientId">Id of the application registration.</param>
/// <param name="Proofs">With what the application proves that it is that one; tried in this order, the next only when one is refused.</param>
public sealed record TenantCredential(string TenantId, string ClientId, ImmutableArray<AppProof> Proofs)
{
    /// <param name="tenantId">As <see cref="TenantId"/>.</param>
    /// <param name="clientId">As <see cref="ClientId"/>.</param>
    /// <param name="clientSecret">A client secret of that registration.</param>
    public TenantCredential(string tenantId, string clientId, string clientSecret)
        : this(tenantId, clientId, [new SecretProof(clientSecret)])
    {
    }

    private bool PrintMembers(StringBuilder text)
    {
        text.Append("TenantId = ").Append(TenantId).Append(", ClientId = ").Append(ClientId);
        return true;
    }
}
