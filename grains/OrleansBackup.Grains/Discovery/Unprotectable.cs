using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.Grains.Discovery;

/// <summary>What every tenant may have and nobody can back up: listed from the first day with the reason, so that nobody finds out at a restore.</summary>
internal static class Unprotectable
{
    private const string WholeTenant = "all";

    private static readonly ImmutableArray<(ResourceKind Kind, string Name)> OfEveryTenant =
    [
        (ResourceKind.Chats, "Direct and group chats"), (ResourceKind.Archives, "In-place archive mailboxes"), (ResourceKind.PublicFolders, "Public folders"),
    ];

    public static ImmutableArray<DiscoveredResource> Of(TenantId tenant) => [.. OfEveryTenant.Select(entry =>
        new DiscoveredResource(new ResourceId(tenant, entry.Kind, WholeTenant), entry.Name, "", "", false, entry.Kind.Limitation()))];
}
