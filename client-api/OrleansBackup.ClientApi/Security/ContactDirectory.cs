using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Notices;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.ClientApi.Security;

/// <summary>Of which tenants an e-mail address is a contact. Looked up in a list that is at most a minute old, then asked of each tenant itself: who was removed is out at once.</summary>
internal sealed class ContactDirectory(IGrainFactory grains, TimeProvider time) : IDisposable
{
    private const int AskedAtOnce = 16;
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _turn = new(1);
    private volatile Listing? _listing;

    private sealed record Listing(ILookup<string, TenantId> Tenants, long MadeAt);

    /// <returns>Each with whether he may ask for restores there.</returns>
    public async Task<IReadOnlyList<(TenantId Tenant, bool MayAskForRestores)>> TenantsOfAsync(string email, CancellationToken cancellation)
    {
        var still = new List<(TenantId, bool)>();
        foreach (var tenant in (await ListAsync(cancellation)).Tenants[Person.Canonical(email)])
            if ((await ContactsAsync(tenant, cancellation)).Where(contact => Person.Canonical(contact.Email) == Person.Canonical(email)).ToList() is { Count: > 0 } his)
                still.Add((tenant, his.Exists(contact => contact.Authority.Contains(ContactAuthority.RequestRestore))));
        return still;
    }

    public void Dispose() => _turn.Dispose();

    private async Task<Listing> ListAsync(CancellationToken cancellation)
    {
        if (_listing is { } present && time.GetElapsedTime(present.MadeAt) < Fresh)
            return present;
        await _turn.WaitAsync(cancellation);
        try
        {
            if (_listing is { } meanwhile && time.GetElapsedTime(meanwhile.MadeAt) < Fresh)
                return meanwhile;
            var found = new List<(string Email, TenantId Tenant)>();
            foreach (var some in (await grains.Provider().ListTenants(cancellation)).Chunk(AskedAtOnce))
                foreach (var (tenant, emails) in await Task.WhenAll(some.Select(async one => (one.Tenant, await EmailsAsync(one.Tenant, cancellation)))))
                    found.AddRange(emails.Select(email => (email, tenant)));
            return _listing = new(found.ToLookup(one => one.Email, one => one.Tenant), time.GetTimestamp());
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<IReadOnlySet<string>> EmailsAsync(TenantId tenant, CancellationToken cancellation) =>
        (await ContactsAsync(tenant, cancellation)).Select(contact => Person.Canonical(contact.Email)).ToHashSet();

    private Task<ImmutableArray<Contact>> ContactsAsync(TenantId tenant, CancellationToken cancellation) => grains.GetGrain<INoticeBookGrain>(GrainKeys.Of(tenant)).GetContacts(cancellation);
}
