using System.Collections.Immutable;
using OrleansBackup.Domain.Access;

namespace OrleansBackup.ClientApi.Security.Keys;

/// <summary>An API key that somebody wants.</summary>
/// <param name="Name">What the audit book names it by: lower-case letters, digits and hyphens; given once.</param>
/// <param name="Roles">One or more of provider-admin, provider-operator, customer-contact, auditor.</param>
/// <param name="Tenants">The directory ids of the only tenants that it reaches; absent: all.</param>
/// <param name="Life">How long its secret is valid, from 00:05:00 to 366.00:00:00; absent: 90 days.</param>
public sealed record KeyOrderBody(string? Name, ImmutableArray<string>? Roles, ImmutableArray<string>? Tenants, TimeSpan? Life);

/// <summary>A new secret for a key.</summary>
/// <param name="Grace">How long the secret before is taken as well, at most 14.00:00:00; absent: a day. 00:00:00 ends it now.</param>
public sealed record KeyRotationBody(TimeSpan? Grace);

/// <summary>An API key; never its secret.</summary>
/// <param name="Tenants">Null: all.</param>
/// <param name="FormerUntil">Until when the secret before the last rotation is taken.</param>
/// <param name="LastUsedAt">To within ten minutes; null: never.</param>
public sealed record KeyBody(
    Guid Id, string Name, ImmutableArray<string> Roles, ImmutableArray<string>? Tenants, bool IsValid, string MadeBy, DateTimeOffset MadeAt, DateTimeOffset ExpiresAt, TimeSpan Life,
    DateTimeOffset? RotatedAt, DateTimeOffset? FormerUntil, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt, string? RevokedBy)
{
    public static KeyBody Of(AccessKey key, DateTimeOffset now) => new(
        key.Id, key.Name, [.. key.Roles.Select(role => role.Token())], key.Tenants is { } tenants ? [.. tenants.Select(tenant => tenant.ToString())] : null, key.IsLive(now),
        key.MadeBy, key.MadeAt, key.ExpiresAt, key.Life, key.RotatedAt, key.FormerUntil > now ? key.FormerUntil : null, key.LastUsedAt, key.RevokedAt, key.RevokedBy);
}

/// <summary>A key with its new secret, which is shown this once only.</summary>
public sealed record KeyWithSecretBody(KeyBody Key, string Secret);

/// <summary>API keys, in the order of their names; ended ones stay.</summary>
public sealed record KeyListBody(ImmutableArray<KeyBody> Keys)
{
    /// <summary>What to give as <c>after</c> for the next part; null: this was the last.</summary>
    public string? Next { get; init; }
}

/// <summary>Who the caller is to this server.</summary>
/// <param name="Person">The human who answers for it: nobody is his own second person.</param>
/// <param name="Tenants">Null: all.</param>
public sealed record CallerBody(string Name, string Person, ImmutableArray<string> Roles, ImmutableArray<string>? Tenants, ImmutableArray<string> Permissions, SignInMethod SignedInBy)
{
    public static CallerBody Of(Caller caller) => new(
        caller.Name, caller.Person, [.. caller.Roles.Select(role => role.Token()).Order()], caller.Tenants is { } tenants ? [.. tenants.Select(tenant => tenant.ToString()).Order()] : null,
        [.. Enum.GetValues<Permission>().Where(caller.May).Select(permission => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(permission.ToString()))], caller.SignedInBy);
}
