using System.Collections.Immutable;

namespace OrleansBackup.Domain.Access;

/// <summary>What somebody is to the service. What each may do is <see cref="RolePermissions"/>.</summary>
/// <remarks>Source: security model of the architecture. The numbers are stored with API keys and never change.</remarks>
public enum Role
{
    /// <summary>Runs the installation: everything, that which cannot be undone with a second person.</summary>
    ProviderAdmin = 1,

    /// <summary>Does the provider's daily work: looks at faults, runs, restores. Changes no contract, money or access.</summary>
    ProviderOperator = 2,

    /// <summary>Somebody at the customer: sees his own tenant and asks for restores in it.</summary>
    CustomerContact = 3,

    /// <summary>Reads what was done and what it proves; changes nothing and opens nobody's mail.</summary>
    Auditor = 4,
}

/// <summary>How roles are written in requests, configuration and claims.</summary>
public static class Roles
{
    public static readonly ImmutableArray<Role> All = [Role.ProviderAdmin, Role.ProviderOperator, Role.CustomerContact, Role.Auditor];

    public static string Token(this Role role) => role switch
    {
        Role.ProviderAdmin => "provider-admin",
        Role.ProviderOperator => "provider-operator",
        Role.CustomerContact => "customer-contact",
        Role.Auditor => "auditor",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "This is no role."),
    };

    public static bool TryParse(string? text, out Role role)
    {
        foreach (var one in All)
            if (one.Token() == text)
            {
                role = one;
                return true;
            }
        role = default;
        return false;
    }

    /// <summary>All tokens, for a message that says what is possible.</summary>
    public static string Choices => string.Join(", ", All.Select(Token));
}
