using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Orleans;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.Domain.Access;

/// <summary>An API key as everybody may see it who may manage it: all but its secret.</summary>
/// <param name="Name">What books name it by; never given to a second key, also when the first has ended.</param>
/// <param name="Tenants">Null: all.</param>
/// <param name="Life">How long a secret of it is valid; each rotation begins it anew.</param>
/// <param name="LastUsedAt">To within some minutes; null: never.</param>
/// <param name="FormerUntil">Until when the secret before the last rotation is still taken; null: it is not.</param>
[GenerateSerializer, Immutable, Alias("access-key")]
public sealed record AccessKey(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string Name,
    [property: Id(2)] ImmutableArray<Role> Roles,
    [property: Id(3)] ImmutableArray<TenantId>? Tenants,
    [property: Id(4)] TimeSpan Life,
    [property: Id(5)] string MadeBy,
    [property: Id(6)] DateTimeOffset MadeAt,
    [property: Id(7)] DateTimeOffset ExpiresAt,
    [property: Id(8)] DateTimeOffset? RotatedAt,
    [property: Id(9)] DateTimeOffset? FormerUntil,
    [property: Id(10)] DateTimeOffset? LastUsedAt,
    [property: Id(11)] DateTimeOffset? RevokedAt,
    [property: Id(12)] string? RevokedBy)
{
    public bool IsLive(DateTimeOffset now) => RevokedAt is null && now < ExpiresAt;
}

/// <summary>What a new key has to be. Pure.</summary>
public static partial class KeyRules
{
    /// <summary>A key that nobody renews for longer than this is one that nobody remembers.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromDays(366);

    public static readonly TimeSpan ShortestLife = TimeSpan.FromMinutes(5);

    /// <summary>Long enough to bring a new secret to every machine; no longer, since the old one may be why it was rotated.</summary>
    public static readonly TimeSpan LongestGrace = TimeSpan.FromDays(14);

    public const int MostTenants = 1_000;

    /// <summary>What is wrong and in which part of the order; null: nothing.</summary>
    /// <param name="tenants">Null: all.</param>
    public static (string Field, string Problem)? Problem(string name, IReadOnlyCollection<Role> roles, IReadOnlyCollection<TenantId>? tenants, TimeSpan life) =>
        !Name().IsMatch(name) ? ("name", "A key's name has 2 to 63 lower-case letters, digits and hyphens, and begins with a letter or digit: it stands in the audit book, and must not look like a person's address.")
        : life < ShortestLife || life > LongestLife ? ("life", $"A key lives from {ShortestLife.TotalMinutes:0} minutes to {LongestLife.TotalDays:0} days; rotate it before its end.")
        : roles.Distinct().Count() != roles.Count || !roles.All(Enum.IsDefined) ? ("roles", $"Each role once, of: {Roles.Choices}.")
        : tenants is { Count: 0 or > MostTenants } ? ("tenants", $"Name from 1 to {MostTenants} tenants, or leave the field out for all.")
        : Caller.ScopeProblem(roles, tenants) is { } scope ? (roles.Count == 0 ? "roles" : "tenants", scope)
        : null;

    /// <summary>As <see cref="Problem"/>, for how long the secret before a rotation is still taken.</summary>
    public static (string Field, string Problem)? ProblemOfGrace(TimeSpan grace) =>
        grace < TimeSpan.Zero || grace > LongestGrace ? ("grace", $"The secret before is taken for at most {LongestGrace.TotalDays:0} days more; 00:00:00 ends it now.") : null;

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{1,62}$")]
    private static partial Regex Name();
}
