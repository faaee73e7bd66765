using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Metering;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Directory;

namespace OrleansBackup.Grains.Discovery;

/// <summary>Looks for everything that a tenant has, kind by kind.</summary>
internal sealed class ResourceDiscovery(IEnumerable<IResourceFinder> finders)
{
    /// <exception cref="TenantAccessException">Not even the accounts or mailboxes may be looked for.</exception>
    public async Task<Findings> FindAsync(
        GraphClient client, TenantId tenant, IReadOnlyDictionary<ResourceId, KnownResource> known, CancellationToken cancellation)
    {
        var users = ImmutableArray.CreateBuilder<DirectoryUser>();
        await foreach (var user in new DirectoryReader(client).ListUsersAsync(cancellation))
            users.Add(user);
        var scene = new DiscoveryScene(tenant, client, users.ToImmutable(), known);
        var (found, looked, warnings) = (
            Unprotectable.Of(tenant).ToBuilder(), ImmutableArray.CreateBuilder<ResourceKind>(), ImmutableArray.CreateBuilder<string>());
        foreach (var finder in finders)
        {
            try
            {
                found.AddRange(await finder.FindAsync(scene, cancellation));
                looked.Add(finder.Kind);
            }
            catch (GraphException exception) when (finder.Kind != ResourceKind.Mailbox)
            {
                // Nothing is concluded about this kind; the others are as they were found.
                warnings.Add($"The tenant's {finder.Kind.Plural()} could not be looked for: {exception.Message}");
            }
        }
        return new Findings(found.ToImmutable(), looked.ToImmutable(), warnings.ToImmutable()) { Licences = users.Count(user => user.HasSharePointPlan), Accounts = Accounts(users, found) };
    }

    /// <summary>Every account with what its mailbox is for, as this look found it.</summary>
    private static ImmutableArray<MeteredAccount> Accounts(IEnumerable<DirectoryUser> users, IEnumerable<DiscoveredResource> found)
    {
        var purposes = found.Where(resource => resource.Resource.Kind == ResourceKind.Mailbox).ToDictionary(resource => resource.Resource.ObjectId, resource => resource.Purpose, StringComparer.OrdinalIgnoreCase);
        return [.. users.Select(user => new MeteredAccount(user.Id, user.DisplayName, user.Mail ?? user.UserPrincipalName ?? "", user.AccountEnabled, user.IsGuest, user.IsLicensed, purposes.GetValueOrDefault(user.Id, "")))];
    }
}

/// <summary>What a discovery brought.</summary>
/// <param name="Looked">The kinds that were looked for to the end.</param>
/// <param name="Warnings">Why others were not.</param>
internal sealed record Findings(ImmutableArray<DiscoveredResource> Found, ImmutableArray<ResourceKind> Looked, ImmutableArray<string> Warnings)
{
    /// <summary>Accounts whose licence includes SharePoint: the limits of SharePoint and OneDrive follow from it.</summary>
    public int Licences { get; init; }

    /// <summary>Every account of the environment at this moment, for the counting of users.</summary>
    public ImmutableArray<MeteredAccount> Accounts { get; init; } = [];
}
