using System.Collections.Immutable;
using System.Text.Json;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Access;

namespace OrleansBackup.ClientApi.Security.OpenId;

/// <summary>From the claims of a believed token to an account: name, person, e-mail, roles and tenants. Pure.</summary>
internal static class AccountReader
{
    public static SignedInAccount Read(JsonElement claims, OpenIdOptions options)
    {
        var subject = $"{TokenReader.Text(claims, "sub")}@{new Uri(TokenReader.Text(claims, "iss")!).Host}";
        // Anybody can write somebody else's address into an account; only one that the provider vouches for is a person's.
        var email = IsTrue(claims, options.EmailVerifiedClaim) && TokenReader.Text(claims, "email") is { } given && Domain.Notices.Contact.IsAddress(given.Trim()) ? Person.Canonical(given) : null;
        var roles = TokenReader.Texts(claims, options.RoleClaim)
            .Select(value => options.RoleMap.TryGetValue(value, out var token) && Roles.TryParse(token, out var role) ? role : (Role?)null).OfType<Role>().Distinct().Order().ToImmutableArray();
        return new SignedInAccount(email ?? subject, email ?? Person.Canonical(subject), email, roles, TenantsIn(claims, options));
    }

    // A claim that is configured and holds what is no tenant must not come to mean all of them.
    private static ImmutableArray<TenantId>? TenantsIn(JsonElement claims, OpenIdOptions options) =>
        options.TenantClaim is not { } name || !claims.TryGetProperty(name, out _) ? null
            : [.. TokenReader.Texts(claims, name).Select(text => TenantId.TryParse(text, out var id) ? id : (TenantId?)null).OfType<TenantId>().Distinct()];

    // Some providers write it as text, Entra as a number.
    private static bool IsTrue(JsonElement claims, string name) => claims.TryGetProperty(name, out var value) && value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.String => value.GetString() is "true" or "1",
        JsonValueKind.Number => value.TryGetInt32(out var number) && number == 1,
        _ => false,
    };
}
