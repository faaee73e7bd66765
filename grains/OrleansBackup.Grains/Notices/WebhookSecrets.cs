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

    public Task<string> WrapAsync(TenantId tenant, Guid webhook, string secret, CancellationToken cancellation) => WrapAsync(tenant.ToString(), webhook, secret, cancellation);

    public Task<string> UnwrapAsync(TenantId tenant, Guid webhook, string wrapped, CancellationToken cancellation) => UnwrapAsync(tenant.ToString(), webhook, wrapped, cancellation);

    public Task<string> RewrapAsync(TenantId tenant, Guid webhook, string wrapped, CancellationToken cancellation) => RewrapAsync(tenant.ToString(), webhook, wrapped, cancellation);

    /// <param name="owner">The tenant, or the provider.</param>
    public async Task<string> WrapAsync(string owner, Guid webhook, string secret, CancellationToken cancellation) =>
        Convert.ToBase64String(await keys.Ring.WrapAsync(Encoding.UTF8.GetBytes(secret), Context(owner, webhook), cancellation));

    public async Task<string> UnwrapAsync(string owner, Guid webhook, string wrapped, CancellationToken cancellation) =>
        Encoding.UTF8.GetString(await keys.Ring.UnwrapAsync(Convert.FromBase64String(wrapped), Context(owner, webhook), cancellation));

    /// <summary>The same secret in a form that needs the present key only; unchanged if it does already.</summary>
    public async Task<string> RewrapAsync(string owner, Guid webhook, string wrapped, CancellationToken cancellation)
    {
        var before = Convert.FromBase64String(wrapped);
        try
        {
            await keys.Current.UnwrapAsync(before, Context(owner, webhook), cancellation);
            return wrapped;
        }
        catch (WrongKeyException)
        {
            return await WrapAsync(owner, webhook, await UnwrapAsync(owner, webhook, wrapped, cancellation), cancellation);
        }
    }

    // Not exchangeable with another secret, nor with that of another webhook.
    private static string Context(string owner, Guid webhook) => $"{owner}/webhook-secret/{webhook:D}";
}
