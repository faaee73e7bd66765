using System.Security.Cryptography;
using System.Text;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Grains.Composition;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Notices;

/// <summary>Secrets of webhooks: made here, shown once, stored only under the provider's key.</summary>
internal sealed class WebhookSecrets(ProviderKeys keys)
{
    private const int SecretBytes = 32;

    public static string Make() => "whs_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));

    public async Task<string> WrapAsync(TenantId tenant, Guid webhook, string secret, CancellationToken cancellation) =>
        Convert.ToBase64String(await keys.Ring.WrapAsync(Encoding.UTF8.GetBytes(secret), Context(tenant, webhook), cancellation));

    public async Task<string> UnwrapAsync(TenantId tenant, Guid webhook, string wrapped, CancellationToken cancellation) =>
        Encoding.UTF8.GetString(await keys.Ring.UnwrapAsync(Convert.FromBase64String(wrapped), Context(tenant, webhook), cancellation));

    /// <summary>The same secret in a form that needs the present key only; unchanged if it does already.</summary>
    public async Task<string> RewrapAsync(TenantId tenant, Guid webhook, string wrapped, CancellationToken cancellation)
    {
        var before = Convert.FromBase64String(wrapped);
        try
        {
            await keys.Current.UnwrapAsync(before, Context(tenant, webhook), cancellation);
            return wrapped;
        }
        catch (WrongKeyException)
        {
            return await WrapAsync(tenant, webhook, await UnwrapAsync(tenant, webhook, wrapped, cancellation), cancellation);
        }
    }

    // Not exchangeable with another secret, nor with that of another webhook.
    private static string Context(TenantId tenant, Guid webhook) => $"{tenant}/webhook-secret/{webhook:D}";
}
