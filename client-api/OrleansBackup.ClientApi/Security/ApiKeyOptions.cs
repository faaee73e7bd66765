using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.ClientApi.Security;

/// <summary>The keys that are configured rather than made over the API. Configuration section <c>Api</c>.</summary>
public sealed partial record ApiKeyOptions : IValidatableObject
{
    public const string Section = "Api";

    /// <summary>The setting of the folder in which the first key lies; shared with the process that hosts the API.</summary>
    public const string FolderSetting = "Data:Folder";

    /// <summary>Further keys by the name of who holds them, each as the SHA-256 of the key in 64 hexadecimal digits. Default: none.</summary>
    /// <remarks>The name is what a restore records as its requester. <c>printf %s "$KEY" | sha256sum</c> gives the digits.</remarks>
    public Dictionary<string, string> Keys { get; init; } = [];

    /// <summary>The roles of such a key, with commas between them. Default: provider-admin.</summary>
    public Dictionary<string, string> KeyRoles { get; init; } = [];

    /// <summary>The directory ids of the only tenants that such a key reaches, with commas between them. Default: all; a customer-contact has to name his.</summary>
    public Dictionary<string, string> KeyTenants { get; init; } = [];

    /// <summary>The person behind such a key, or behind <c>first-key</c>: where people have accounts of the organisation, the address of his.</summary>
    /// <remarks>
    /// Default: the holder's name; but of the first key, and where there are accounts of every key: nobody knows who that is, and who is not known cannot be one of two persons
    /// who destroy something together.
    /// </remarks>
    public Dictionary<string, string> KeyPersons { get; init; } = [];

    /// <summary>Where the first key is kept; made at the first start. Default: <c>api-key</c> in the data folder.</summary>
    public string? KeyFile { get; init; }

    /// <summary>What the holder of a configured key is.</summary>
    /// <param name="hasAccounts">People sign in with accounts as well.</param>
    /// <exception cref="FormatException">The options were not validated.</exception>
    public Caller CallerOf(string holder, bool hasAccounts) => new(
        holder, PersonOf(holder) ?? (hasAccounts ? Person.Unnamed(holder) : Person.Canonical(holder)), RolesOf(holder) ?? throw new FormatException(), TenantsOf(holder), SignInMethod.ApiKey);

    /// <returns>Null: nobody said.</returns>
    internal string? PersonOf(string holder) => KeyPersons.TryGetValue(holder, out var person) && !string.IsNullOrWhiteSpace(person) ? Person.Canonical(person) : null;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (holder, digits) in Keys)
        {
            if (!Sha256Digits().IsMatch(digits))
                yield return new($"{Section}:Keys:{holder} must be the SHA-256 of a key as 64 hexadecimal digits, never the key itself.");
            var (roles, tenants) = (RolesOf(holder), Listed(KeyTenants, holder));
            if (roles is null)
                yield return new($"{Section}:KeyRoles:{holder} must be one or more of {Roles.Choices}, with commas between them.");
            if (tenants?.Exists(text => !TenantId.TryParse(text, out _)) == true)
                yield return new($"{Section}:KeyTenants:{holder} must be directory ids of tenants, with commas between them.");
            else if (roles is not null && Caller.ScopeProblem(roles, TenantsOf(holder)) is { } problem)
                yield return new($"{Section}:KeyTenants:{holder}: {problem}");
        }
        foreach (var (setting, given) in new[] { (nameof(KeyRoles), KeyRoles), (nameof(KeyTenants), KeyTenants), (nameof(KeyPersons), KeyPersons) })
            foreach (var holder in given.Keys.Where(holder => !Keys.ContainsKey(holder) && !(holder == ApiKeys.FirstHolder && setting == nameof(KeyPersons))))
                yield return new($"{Section}:{setting}:{holder} is of a key that there is not: set {Section}:Keys:{holder} as well.");
        if (Keys.ContainsKey(ApiKeys.FirstHolder))
            yield return new($"{Section}:Keys:{ApiKeys.FirstHolder} cannot be: that is what the server's own first key is called.");
    }

    private Role[]? RolesOf(string holder)
    {
        if (Listed(KeyRoles, holder) is not { } names)
            return [Role.ProviderAdmin]; // as configured keys always were
        var read = names.ConvertAll(name => Roles.TryParse(name, out var role) ? role : (Role?)null);
        return read.Count == 0 || read.Contains(null) ? null : [.. read.OfType<Role>()];
    }

    private TenantId[]? TenantsOf(string holder) => Listed(KeyTenants, holder) is { } ids ? [.. ids.Select(TenantId.Parse)] : null;

    private static List<string>? Listed(Dictionary<string, string> setting, string holder) =>
        setting.TryGetValue(holder, out var text) ? [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)] : null;

    [GeneratedRegex("^[0-9a-fA-F]{64}$")]
    private static partial Regex Sha256Digits();
}
