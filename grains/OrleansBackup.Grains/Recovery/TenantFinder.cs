using System.Collections.Immutable;
using System.Text.Json;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Retention;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.Grains.Access;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Grains.Recovery;

/// <summary>A resource as a store knows it.</summary>
internal sealed record FoundResource(ResourceId Resource, ResourceCard? Card);

/// <summary>Finds in the stores what a lost database knew. Writes nothing.</summary>
internal static class TenantFinder
{
    /// <summary>Every tenant with a store that holds it whole. One that is arriving at a store, or has left one, is not whole there.</summary>
    public static async Task<ImmutableArray<(TenantId Tenant, NamedStore Store)>> FindAsync(VaultStores stores, CancellationToken cancellation)
    {
        var found = new SortedDictionary<string, (TenantId, NamedStore)>(StringComparer.Ordinal);
        foreach (var store in stores.All)
            await foreach (var name in store.Repository.ListTenantsAsync(cancellation))
                if (TenantId.TryParse(name, out var tenant) && !found.ContainsKey(name) && await IsWholeAsync(store, name, cancellation))
                    found.Add(name, (tenant, store));
        return [.. found.Values];
    }

    /// <exception cref="VaultException">The key does not open it, or its cards are damaged.</exception>
    /// <exception cref="JsonException">The card is not one of this service.</exception>
    public static async Task<TenantCard?> CardAsync(NamedStore store, TenantId tenant, CancellationToken cancellation) =>
        await store.Repository.ReadCardAsync(tenant.ToString(), cancellation) is { } card ? ServiceCards.Read<TenantCard>(card.Text) : null;

    /// <param name="problems">Gets a sentence for each card that cannot be read.</param>
    public static async Task<ImmutableArray<FoundResource>> ResourcesAsync(NamedStore store, TenantId tenant, List<string> problems, CancellationToken cancellation)
    {
        var found = ImmutableArray.CreateBuilder<FoundResource>();
        await foreach (var name in store.Repository.ListResourcesAsync(tenant.ToString(), cancellation))
        {
            if (!ResourceId.TryParseLocalName(tenant, name, out var resource))
            {
                problems.Add($"'{name}' is of a kind that this release does not know; it is left alone.");
                continue;
            }
            ResourceCard? card = null;
            try
            {
                if (await store.Repository.ReadCardAsync(new ResourceName(tenant.ToString(), name), cancellation) is { } stored)
                    card = ServiceCards.Read<ResourceCard>(stored.Text);
            }
            catch (Exception exception) when (exception is DamagedObjectException or JsonException)
            {
                problems.Add($"The card of {name} cannot be read: {exception.Message}");
            }
            found.Add(new(card is null ? resource : resource with { ObjectId = card.ObjectId }, card));
        }
        return found.ToImmutable();
    }

    /// <summary>What a resource without a card is given: as its tenant protects, and unprotected until a discovery finds it.</summary>
    public static ResourceRecovery Of(FoundResource found, RetentionRule retention, BackupWindow window) => found.Card is { } card
        ? new(new ResourceSettings(card.DisplayName, card.Address, card.Retention, card.Window, card.HiddenFolders), card.Protected, card.Reason, card.Hold, card.Brake)
        : new(new ResourceSettings(found.Resource.LocalName, "", retention, window, HiddenFolders: true), false, "Found in the vault without a card.", null, null);

    private static async Task<bool> IsWholeAsync(NamedStore store, string tenant, CancellationToken cancellation) =>
        await store.Store.GetLengthAsync(new BlobName($"{tenant}/arriving"), cancellation) is null && await store.Repository.TenantExistsAsync(tenant, cancellation);
}
