using System.Text;

namespace OrleansBackup.Microsoft365;

/// <summary>What the application signs in to one tenant with. The secret never shows in <see cref="object.ToString"/>, logs or errors.</summary>
/// <param name="TenantId">Directory id (GUID) of the tenant; a verified domain works as well.</param>
/// <param name="ClientId">Id of the application registration.</param>
/// <param name="ClientSecret">A client secret of that registration.</param>
public sealed record TenantCredential(string TenantId, string ClientId, string ClientSecret)
{
    private bool PrintMembers(StringBuilder text)
    {
        text.Append("TenantId = ").Append(TenantId).Append(", ClientId = ").Append(ClientId);
        return true;
    }
}
