using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Microsoft365.Sites;

namespace OrleansBackup.Grains.Discovery;

/// <summary>Finds the sites, those below others too. Personal sites are left out: what is in them is a OneDrive.</summary>
internal sealed class SiteFinder : IResourceFinder
{
    public ResourceKind Kind => ResourceKind.Site;

    public async Task<ImmutableArray<DiscoveredResource>> FindAsync(DiscoveryScene scene, CancellationToken cancellation)
    {
        var found = ImmutableArray.CreateBuilder<DiscoveredResource>();
        try
        {
            await foreach (var site in new SiteDirectory(scene.Client).ListAsync(cancellation))
                if (!site.IsPersonal)
                    found.Add(Of(scene, site));
        }
        catch (SiteUnavailableException exception) when (exception.Problem == SiteProblem.NotLicensed)
        {
            // A tenant without SharePoint has no sites; nothing is missing.
        }
        return found.ToImmutable();
    }

    // An archived site is there, but nobody can read it until it is brought back.
    private static DiscoveredResource Of(DiscoveryScene scene, GraphSite site) => new(
        scene.Of(ResourceKind.Site, site.Id), site.Name, site.WebUrl ?? "", site.ParentId is null ? "site" : "subsite", !site.IsArchived,
        site.IsArchived ? $"The site is archived in Microsoft 365 ({site.ArchiveStatus}) and cannot be read until it is brought back. Its restore points stay until their retention ends." : null);
}
