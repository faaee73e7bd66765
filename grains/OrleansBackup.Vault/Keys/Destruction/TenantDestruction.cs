using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Keys.Destruction;

/// <summary>Ends a tenant: destroys its data key, shows that nothing opens any more, deletes its objects, and says all that in a signed record.</summary>
/// <remarks>
/// In order: the inventory and a sample that opens are written down; every wrapped copy of the key is deleted; the sample is tried again
/// and the failures are written down; the objects are deleted. Each step leaves what the next needs in the store, so that after a crash the
/// same call goes on where it was. No run of the tenant may be going.
/// </remarks>
/// <param name="storeName">How the record calls the store.</param>
public sealed class TenantDestruction(IBlobStore store, string storeName, IKeyEncryption keys, DeletionSigner signer, TimeProvider time)
{
    private const int LargestSampled = 64 << 20;

    /// <summary>Destroys the tenant, or goes on doing so. Keep the record, then call <see cref="ForgetAsync"/>.</summary>
    /// <param name="sample">How many objects are tried; fewer if there are fewer.</param>
    /// <exception cref="TenantKeyMissingException">There is no key, and no destruction has begun.</exception>
    public async Task<SignedDeletionRecord> DestroyAsync(string tenant, DestructionOrder order, int sample, CancellationToken cancellation)
    {
        ResourceName.EnsureValid(tenant);
        ArgumentNullException.ThrowIfNull(order);
        ArgumentOutOfRangeException.ThrowIfLessThan(sample, 1);
        var steps = new DestructionSteps(store, tenant);
        var plan = await steps.ReadAsync<DestructionPlan>(steps.Plan, cancellation) ?? await PlanAsync(steps, tenant, order, sample, cancellation);
        var findings = await steps.ReadAsync<DestructionFindings>(steps.Findings, cancellation) ?? await DestroyKeysAsync(steps, tenant, plan, cancellation);
        var left = await DeleteObjectsAsync(steps, tenant, cancellation);
        var record = new DeletionRecord(
            DeletionRecord.CurrentFormat, tenant, storeName, plan.OrderedBy, plan.Reason, plan.PlannedAt, findings.KeysDestroyedAt, Now(),
            plan.DataKey, plan.Keys, plan.Inventory, findings.Attempts, findings.KeyError, left, signer.Fingerprint);
        var bytes = CanonicalJson.Write(record);
        var inventory = await store.GetAsync(steps.Inventory, cancellation) ?? throw new DeletionRecordException(tenant, $"'{steps.Inventory}' is missing");
        return new(bytes, signer.Sign(bytes), inventory.ToArray(), signer.PublicKeyPem);
    }

    /// <summary>Removes what the destruction kept to go on from. Only once the record is safe: it cannot be made again.</summary>
    public async Task ForgetAsync(string tenant, CancellationToken cancellation)
    {
        ResourceName.EnsureValid(tenant);
        var steps = new DestructionSteps(store, tenant);
        foreach (var name in new[] { steps.Findings, steps.Inventory, steps.Plan }) // the plan last: while it is there, the key counts as destroyed
            await store.DeleteAsync(name, cancellation);
    }

    private async Task<DestructionPlan> PlanAsync(DestructionSteps steps, string tenant, DestructionOrder order, int sample, CancellationToken cancellation)
    {
        var copies = new TenantKeyCopies(store, tenant);
        var tenantKeys = new TenantKeys(tenant, await copies.OpenAsync(keys, cancellation));
        var destroyed = ImmutableArray.CreateBuilder<DestroyedKey>();
        foreach (var name in await copies.ListAsync(cancellation))
            if (await store.GetAsync(name, cancellation) is { } stored)
                destroyed.Add(new(name.Value, HashOf(stored.Span), KeyObject.Decode(stored.Span)?.WrappedBy));
        var objects = await ListAsync(tenant, steps, cancellation);
        var inventory = Encoding.UTF8.GetBytes(string.Concat(objects.Select(found => $"{found.Bytes} {found.Name}\n")));
        // Of an earlier attempt that came no further than this; its plan does not exist, so nothing is destroyed yet.
        await store.DeleteAsync(steps.Inventory, cancellation);
        await store.PutIfAbsentAsync(steps.Inventory, inventory, cancellation);
        var summary = new InventorySummary(objects.Count, objects.Sum(found => found.Bytes), HashOf(inventory));
        var sampled = await SampleAsync(objects, tenantKeys, sample, cancellation);
        return await steps.KeepAsync(steps.Plan, new DestructionPlan(order.OrderedBy, order.Reason, Now(), tenantKeys.Fingerprint, destroyed.ToImmutable(), summary, sampled), cancellation);
    }

    /// <summary>Objects taken by chance that open with the key.</summary>
    private async Task<ImmutableArray<SampledObject>> SampleAsync(List<(BlobName Name, long Bytes)> objects, TenantKeys tenantKeys, int sample, CancellationToken cancellation)
    {
        var order = objects.Where(found => found.Bytes <= LargestSampled).Select(found => found.Name).ToArray();
        RandomNumberGenerator.Shuffle(order.AsSpan());
        var sampled = ImmutableArray.CreateBuilder<SampledObject>();
        foreach (var name in order)
        {
            if (sampled.Count == sample)
                break;
            if (await store.GetAsync(name, cancellation) is { } stored && ObjectProbe.CanTry(name, stored.Span) && ObjectProbe.Try(name, stored.Span, tenantKeys) is null)
                sampled.Add(new(name.Value, HashOf(stored.Span)));
        }
        return sampled.ToImmutable();
    }

    private async Task<DestructionFindings> DestroyKeysAsync(DestructionSteps steps, string tenant, DestructionPlan plan, CancellationToken cancellation)
    {
        var copies = new TenantKeyCopies(store, tenant);
        while (await copies.ListAsync(cancellation) is { Count: > 0 } left)
            foreach (var name in left)
                await store.DeleteAsync(name, cancellation);
        var destroyedAt = Now();
        var keyError = await TryOpenAsync(copies, cancellation);
        var otherKeys = new TenantKeys(tenant, RandomNumberGenerator.GetBytes(TenantKeys.DataKeyBytes));
        var attempts = ImmutableArray.CreateBuilder<OpeningAttempt>();
        foreach (var sampled in plan.Sample)
        {
            var name = new BlobName(sampled.Name);
            var stored = await store.GetAsync(name, cancellation) ?? throw new DeletionRecordException(tenant, $"'{name}' of the sample is missing");
            if (HashOf(stored.Span) != sampled.Sha256)
                throw new DeletionRecordException(tenant, $"'{name}' of the sample is another than before");
            var otherKeyError = ObjectProbe.Try(name, stored.Span, otherKeys) ?? throw new DeletionRecordException(tenant, $"'{name}' opens without its key");
            attempts.Add(new(sampled.Name, sampled.Sha256, "opened", keyError, otherKeyError));
        }
        return await steps.KeepAsync(steps.Findings, new DestructionFindings(destroyedAt, keyError, attempts.ToImmutable()), cancellation);
    }

    private async Task<string> TryOpenAsync(TenantKeyCopies copies, CancellationToken cancellation)
    {
        try { await copies.OpenAsync(keys, cancellation); }
        catch (TenantKeyMissingException e) { return e.Message; } // what has to happen
        throw new InvalidOperationException("The tenant's key was there again after it was destroyed: something goes on creating it.");
    }

    private async Task<ObjectsLeft> DeleteObjectsAsync(DestructionSteps steps, string tenant, CancellationToken cancellation)
    {
        var (objects, bytes, until) = (0L, 0L, (DateTimeOffset?)null);
        foreach (var (name, length) in await ListAsync(tenant, steps, cancellation))
        {
            try { await store.DeleteAsync(name, cancellation); }
            catch (ObjectRetainedException e)
            {
                // Unreadable without its key; it goes by itself, or with a later call, once the store lets it.
                (objects, bytes) = (objects + 1, bytes + length);
                until = e.Until > until || until is null ? e.Until : until;
            }
        }
        return new(objects, bytes, until is { } last ? Text(last) : null);
    }

    private async Task<List<(BlobName Name, long Bytes)>> ListAsync(string tenant, DestructionSteps steps, CancellationToken cancellation)
    {
        var objects = new List<(BlobName Name, long Bytes)>();
        await foreach (var name in store.ListAsync($"{tenant}/", cancellation))
            if (!name.Value.StartsWith(steps.Prefix, StringComparison.Ordinal) && await store.GetLengthAsync(name, cancellation) is { } bytes)
                objects.Add((name, bytes));
        objects.Sort((a, b) => string.CompareOrdinal(a.Name.Value, b.Name.Value));
        return objects;
    }

    private string Now() => Text(time.GetUtcNow());

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
