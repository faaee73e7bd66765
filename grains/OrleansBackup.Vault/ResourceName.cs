using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault;

/// <summary>One resource of one tenant, by the names under which the vault keeps them: each <c>[a-z0-9][a-z0-9.-]{0,127}</c>.</summary>
public readonly record struct ResourceName
{
    /// <exception cref="ArgumentException">A name has another form.</exception>
    public ResourceName(string tenant, string resource)
    {
        EnsureValid(tenant);
        EnsureValid(resource);
        (Tenant, Resource) = (tenant, resource);
    }

    public string Tenant { get; }
    public string Resource { get; }

    public override string ToString() => $"{Tenant}/{Resource}";

    internal static void EnsureValid(string name)
    {
        if (name is null || !PathPart.IsValid(name))
            throw new ArgumentException($"'{name}' cannot name a tenant or resource: use lower-case letters, digits, '.' and '-', at most 128.");
    }
}
