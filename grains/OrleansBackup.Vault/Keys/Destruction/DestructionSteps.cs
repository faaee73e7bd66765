using System.Collections.Immutable;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Keys.Destruction;

/// <summary>What was decided and found before anything was destroyed. Stored in clear, since there is no key any more when it is read again.</summary>
internal sealed record DestructionPlan(
    string OrderedBy, string Reason, string PlannedAt, string DataKey, ImmutableArray<DestroyedKey> Keys, InventorySummary Inventory, ImmutableArray<SampledObject> Sample);

/// <summary>An object that opened before the destruction.</summary>
internal sealed record SampledObject(string Name, string Sha256);

/// <summary>What was found once the keys were gone.</summary>
internal sealed record DestructionFindings(string KeysDestroyedAt, string KeyError, ImmutableArray<OpeningAttempt> Attempts);

/// <summary>Where a destruction keeps what it needs to go on after a crash: beneath the tenant, until the record is safe elsewhere.</summary>
internal sealed class DestructionSteps(IBlobStore store, string tenant)
{
    public string Prefix { get; } = $"{tenant}/destruction/";

    public BlobName Plan => new(Prefix + "plan");
    public BlobName Inventory => new(Prefix + "inventory");
    public BlobName Findings => new(Prefix + "findings");

    /// <exception cref="DeletionRecordException">It is there and cannot be read.</exception>
    public async Task<T?> ReadAsync<T>(BlobName name, CancellationToken cancellation)
        where T : class
    {
        if (await store.GetAsync(name, cancellation) is not { } stored)
            return null;
        try { return CanonicalJson.Read<T>(stored.Span); }
        catch (System.Text.Json.JsonException e) { throw new DeletionRecordException(tenant, $"'{name}' cannot be read", e); }
    }

    /// <returns>What is stored under the name now: this, or what another process was faster with.</returns>
    public async Task<T> KeepAsync<T>(BlobName name, T value, CancellationToken cancellation)
        where T : class
    {
        await store.PutIfAbsentAsync(name, CanonicalJson.Write(value), cancellation);
        return await ReadAsync<T>(name, cancellation) ?? throw new DeletionRecordException(tenant, $"'{name}' went as soon as it was written");
    }
}
