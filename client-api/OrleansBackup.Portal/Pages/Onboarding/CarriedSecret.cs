using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Onboarding;

/// <summary>Carries a secret from one step of a form to the next, so that it is typed once and shown never: sealed with the key of the forms, for one caller, one tenant and half an hour.</summary>
/// <remarks>The server keeps nothing between the steps, and the browser holds what it cannot open.</remarks>
internal sealed class CarriedSecret(IDataProtectionProvider protection, PortalRequest portal)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(30);

    public string Seal(TenantId tenant, string secret) => Protector(tenant).Protect($"{(portal.Now + Life).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)} {secret}");

    /// <returns>Null: it is too old, or was not sealed here for this caller and tenant.</returns>
    public string? Open(TenantId tenant, string text)
    {
        try
        {
            return text.Length > 0 && Protector(tenant).Unprotect(text).Split(' ', 2) is [var until, var secret] && long.Parse(until, CultureInfo.InvariantCulture) >= portal.Now.ToUnixTimeSeconds() ? secret : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private IDataProtector Protector(TenantId tenant) => protection.CreateProtector("onboarding", portal.Caller.Name, tenant.ToString());
}
