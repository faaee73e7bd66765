using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.Domain.Access;

/// <summary>How a caller proved who he is.</summary>
public enum SignInMethod
{
    ApiKey = 1,

    /// <summary>A token of the organisation's sign-in (OpenID Connect), sent with each call.</summary>
    Token,

    /// <summary>A browser's session, after one of the others.</summary>
    Session,
}

/// <summary>Who asks: with which roles, in which tenants, and which human answers for it.</summary>
/// <remarks>Immutable and pure. Made at sign-in only; everything else asks it, and trusts nothing that a request says of its sender.</remarks>
public sealed record Caller
{
    /// <param name="tenants">Null: all, also those to come.</param>
    /// <exception cref="ArgumentException">Nobody's name, no role, or a customer who would see all tenants.</exception>
    public Caller(string name, string person, IEnumerable<Role> roles, IEnumerable<TenantId>? tenants, SignInMethod signedInBy, string? key = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(person);
        (Name, Person, SignedInBy, Key) = (name, person, signedInBy, key);
        (Roles, Tenants) = ([.. roles], tenants is null ? null : [.. tenants]);
        if (ScopeProblem(Roles, Tenants) is { } problem)
            throw new ArgumentException(problem, nameof(roles));
    }

    /// <summary>What books and records name: the holder of a key, or the account of a person.</summary>
    public string Name { get; }

    /// <summary>The human who answers for it. Two keys of one person, or his key and his account, are one: nobody is his own second person.</summary>
    public string Person { get; }

    /// <summary>The address that the organisation's sign-in vouches for; null: there is none.</summary>
    public string? Email { get; init; }

    public ImmutableHashSet<Role> Roles { get; }

    /// <summary>Null: all.</summary>
    public ImmutableHashSet<TenantId>? Tenants { get; }

    /// <summary>Of those, the ones whose content is open to him: a contact who may not ask for a restore has no reason to read a colleague's mail. Null: all that he reaches.</summary>
    public ImmutableHashSet<TenantId>? ContentIn { get; init; }

    public bool AllTenants => Tenants is null;

    public SignInMethod SignedInBy { get; }

    /// <summary>The id of the API key behind it; null: none, or one that cannot be withdrawn over the API.</summary>
    public string? Key { get; }

    /// <summary>Whether the role table allows it, in the tenants that he reaches.</summary>
    public bool May(Permission permission) => Roles.Any(role => role.Allows(permission));

    /// <summary>Whether he may do it to this tenant.</summary>
    public bool May(Permission permission, TenantId tenant) => May(permission) && Reaches(tenant) && (permission != Permission.SeeContent || ContentIn is null || ContentIn.Contains(tenant));

    public bool Reaches(TenantId tenant) => Tenants is null || Tenants.Contains(tenant);

    /// <summary>Whether he could do all that another could: what he may hand on.</summary>
    public bool Covers(IEnumerable<Role> roles, IEnumerable<TenantId>? tenants) =>
        roles.All(role => RolePermissions.Of(role).All(May)) && (Tenants is null || tenants is not null && tenants.All(Tenants.Contains));

    /// <summary>Why nobody can have these roles in these tenants; null: somebody can.</summary>
    /// <param name="tenants">Null: all.</param>
    public static string? ScopeProblem(IReadOnlyCollection<Role> roles, IReadOnlyCollection<TenantId>? tenants) =>
        roles.Count == 0 ? $"At least one role is needed: {Access.Roles.Choices}."
        : tenants is null && roles.Contains(Role.CustomerContact) ? "A customer-contact needs the tenants that are his; nobody at a customer sees all of them."
        : null;
}
