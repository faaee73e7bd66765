using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.ClientApi.Security;

/// <summary>Carries a <see cref="Caller"/> through the framework's sign-in. The claims are ours and made here: none comes from outside.</summary>
public static class CallerClaims
{
    private const string PersonType = "orleansbackup/person", RoleType = "orleansbackup/role", TenantType = "orleansbackup/tenant";
    private const string MethodType = "orleansbackup/signed-in-by", KeyType = "orleansbackup/key", EmailType = "orleansbackup/email", ContentType = "orleansbackup/content";

    /// <summary>Instead of an id: all tenants. Written out, so that an identity that lost its tenants reaches none.</summary>
    private const string EveryTenant = "*";

    /// <summary>Who asks. Every endpoint that is not open to strangers has one.</summary>
    /// <exception cref="ProblemException">Nobody is signed in.</exception>
    public static Caller Caller(this HttpContext context) => Read(context.User) ?? throw new ProblemException(Problem.SignInRequired());

    /// <summary>Who asks; null: nobody is signed in.</summary>
    public static Caller? CallerOrNull(this HttpContext context) => Read(context.User);

    /// <summary>The human behind a call: what counts where two persons have to agree.</summary>
    internal static string PersonOf(ClaimsPrincipal user) => Read(user)?.Person ?? throw new ProblemException(Problem.SignInRequired());

    internal static ClaimsPrincipal Principal(Caller caller, string scheme) => new(new ClaimsIdentity(Claims(caller), scheme, ClaimTypes.Name, RoleType));

    internal static Caller? Read(ClaimsPrincipal user)
    {
        if (user.Identity is not ClaimsIdentity { IsAuthenticated: true, Name: { Length: > 0 } name } identity || identity.FindFirst(PersonType) is not { } person)
            return null;
        var roles = identity.FindAll(RoleType).Select(claim => Roles.TryParse(claim.Value, out var role) ? role : (Role?)null).OfType<Role>().ToList();
        var tenants = identity.FindAll(TenantType).Select(claim => claim.Value).ToList();
        if (!Enum.TryParse<SignInMethod>(identity.FindFirst(MethodType)?.Value, out var method) || roles.Count == 0)
            return null;
        return new Caller(name, person.Value, roles, tenants.Contains(EveryTenant) ? null : tenants.Select(TenantId.Parse), method, identity.FindFirst(KeyType)?.Value)
        {
            Email = identity.FindFirst(EmailType)?.Value,
            ContentIn = identity.FindAll(ContentType).Select(claim => claim.Value).ToList() is var open && open.Contains(EveryTenant) ? null : [.. open.Select(TenantId.Parse)],
        };
    }

    private static IEnumerable<Claim> Claims(Caller caller) =>
    [
        new(ClaimTypes.Name, caller.Name), new(PersonType, caller.Person), new(MethodType, caller.SignedInBy.ToString()),
        .. caller.Roles.Select(role => new Claim(RoleType, role.Token())),
        .. caller.Tenants is { } tenants ? tenants.Select(tenant => new Claim(TenantType, tenant.ToString())) : [new Claim(TenantType, EveryTenant)],
        .. caller.ContentIn is { } open ? open.Select(tenant => new Claim(ContentType, tenant.ToString())) : [new Claim(ContentType, EveryTenant)],
        .. caller.Email is { } email ? [new Claim(EmailType, email)] : Array.Empty<Claim>(),
        .. caller.Key is { } key ? [new Claim(KeyType, key)] : Array.Empty<Claim>(),
    ];
}
