using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Orleans;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.Domain.Subscriptions;

/// <summary>Something that happened, once. Holds ids, counts and words of the service; nothing out of anybody's mail or files.</summary>
/// <param name="Id">Of what happened: handed over twice it is the same. Receivers drop by it what reaches them twice.</param>
/// <param name="Tenant">Null: it concerns no single one.</param>
/// <param name="Subject">What it is about, as an address below <c>/api/v1</c> where there is one.</param>
/// <param name="Facts">By name; names are added, never changed.</param>
[GenerateSerializer, Immutable, Alias("service-event")]
public sealed record ServiceEvent(
    [property: Id(0)] Guid Id,
    [property: Id(1)] EventKind Kind,
    [property: Id(2)] TenantId? Tenant,
    [property: Id(3)] DateTimeOffset OccurredAt,
    [property: Id(4)] string Subject,
    [property: Id(5)] ImmutableSortedDictionary<string, string> Facts)
{
    private const int GuidBytes = 16;

    /// <param name="key">What makes it the same event: a run, a job, a day.</param>
    public static ServiceEvent Of(EventKind kind, TenantId? tenant, string key, DateTimeOffset occurredAt, string subject, params (string Name, string Value)[] facts) => new(
        IdOf($"{kind}/{tenant}/{key}"), kind, tenant, occurredAt, subject, facts.ToImmutableSortedDictionary(fact => fact.Name, fact => fact.Value, StringComparer.Ordinal));

    // RFC 9562, section 5.8: a version 8 id is free in how it is made; this one is a hash of what happened.
    private static Guid IdOf(string what)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(what)).AsSpan(0, GuidBytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
