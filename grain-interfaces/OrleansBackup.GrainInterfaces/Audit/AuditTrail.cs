using System.Collections.Immutable;
using Orleans;
using Orleans.Storage;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.GrainInterfaces.Audit;

/// <summary>Where whoever acts writes it down. An act that cannot be written down is not done: note first, then act.</summary>
public static class AuditTrail
{
    private const int LostRaces = 3;

    public static IAuditGrain Audit(this IGrainFactory grains, TenantId tenant) => grains.GetGrain<IAuditGrain>(GrainKeys.Of(tenant));

    /// <summary>What concerns no tenant, or one that there is not.</summary>
    public static IAuditGrain ProviderAudit(this IGrainFactory grains) => grains.GetGrain<IAuditGrain>(GrainKeys.Provider);

    public static Task NoteAsync(this IAuditGrain book, string actor, string act, string subject, CancellationToken cancellation, params ReadOnlySpan<(string Name, string Value)> facts)
    {
        var given = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in facts)
            given[name] = value;
        return AppendAsync(book, new AuditNote(actor, act, subject, given.ToImmutable()), cancellation);
    }

    /// <summary>A book whose last write was answered by nobody, as when the database dies under it, has another version than its activation knows. Such a write is refused whole, and the next activation reads what stands.</summary>
    private static async Task AppendAsync(IAuditGrain book, AuditNote note, CancellationToken cancellation)
    {
        for (var left = LostRaces; ; left--)
        {
            try
            {
                await book.Append(note, cancellation);
                return;
            }
            catch (InconsistentStateException) when (left > 0)
            {
                // nothing of it was written: no entry comes twice
            }
        }
    }
}
