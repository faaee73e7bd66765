using OrleansBackup.Vault.Cards;
using OrleansBackup.Vault.Log;

namespace OrleansBackup.Vault;

/// <summary>Cards: what makes the store and the key enough to begin again without the database.</summary>
public sealed partial class VaultRepository
{
    /// <summary>Keeps what the service has to know about the tenant, unless the newest card says so already. Durable when this returns.</summary>
    /// <exception cref="TenantKeyMissingException">The tenant was never created, or its key destroyed.</exception>
    public async Task PutCardAsync(string tenant, string text, CancellationToken cancellation)
    {
        EnsureShort(text);
        await (await CardsOfAsync(tenant, cancellation)).PutAsync(text, time.GetUtcNow(), cancellation);
    }

    /// <summary>Keeps what the service has to know about the resource; it counts as one that holds something from then on.</summary>
    /// <inheritdoc cref="PutCardAsync(string, string, CancellationToken)"/>
    public async Task PutCardAsync(ResourceName resource, string text, CancellationToken cancellation)
    {
        EnsureShort(text);
        await (await CardsOfAsync(resource, cancellation)).PutAsync(text, time.GetUtcNow(), cancellation);
    }

    /// <returns>The newest card of the tenant that can be read; null: none was ever put.</returns>
    /// <exception cref="DamagedObjectException">There are cards, and none can be read.</exception>
    /// <exception cref="TenantKeyMissingException">The tenant was never created, or its key destroyed.</exception>
    /// <exception cref="WrongKeyException">Another key-encryption key wrapped the tenant's key.</exception>
    public async Task<VaultCard?> ReadCardAsync(string tenant, CancellationToken cancellation) =>
        await (await CardsOfAsync(tenant, cancellation)).ReadAsync(cancellation);

    /// <inheritdoc cref="ReadCardAsync(string, CancellationToken)"/>
    public async Task<VaultCard?> ReadCardAsync(ResourceName resource, CancellationToken cancellation) =>
        await (await CardsOfAsync(resource, cancellation)).ReadAsync(cancellation);

    private async Task<CardShelf> CardsOfAsync(string tenant, CancellationToken cancellation)
    {
        ResourceName.EnsureValid(tenant);
        return new(await FilesOfAsync(tenant, cancellation), ResourceNames.CardsOf(tenant));
    }

    private async Task<CardShelf> CardsOfAsync(ResourceName resource, CancellationToken cancellation) =>
        new(await FilesOfAsync(resource.Tenant, cancellation), new ResourceNames(resource).CardPrefix);

    private static void EnsureShort(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, VaultCard.MostCharacters, nameof(text));
    }
}
