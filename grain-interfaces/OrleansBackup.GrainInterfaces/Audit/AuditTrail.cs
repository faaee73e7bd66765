using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.GrainInterfaces.Audit;

/// <summary>Where whoever acts writes it down. An act that cannot be written down is not done: note first, then act.</summary>
public static class AuditTrail
{
    public static IAuditGrain Audit(this IGrainFactory grains, TenantId tenant) => grains.GetGrain<IAuditGrain>(GrainKeys.Of(tenant));

    /// <summary>What concerns no tenant, or one that there is not.</summary>
    public static IAuditGrain ProviderAudit(this IGrainFactory grains) => grains.GetGrain<IAuditGrain>(GrainKeys.Provider);

    public static Task NoteAsync(this IAuditGrain book, string actor, string act, string subject, CancellationToken cancellation, params ReadOnlySpan<(string Name, string Value)> facts)
    {
        var given = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in facts)
            given[name] = value;
        return book.Append(new AuditNote(actor, act, subject, given.ToImmutable()), cancellation);
    }
}
