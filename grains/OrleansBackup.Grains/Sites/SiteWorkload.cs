using Microsoft.Extensions.Options;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Drives;
using OrleansBackup.Microsoft365.Sites;

namespace OrleansBackup.Grains.Sites;

/// <summary>What there is in a SharePoint site.</summary>
internal sealed class SiteWorkload(IOptions<SiteReadOptions> sites, IOptions<DriveReadOptions> drives) : IResourceWorkload
{
    public ResourceKind Kind => ResourceKind.Site;

    public IEnumerable<IRunPart> PartsOf(RunRequest request, GraphClient client)
    {
        var reader = new SiteReader(client, request.Resource.ObjectId, sites.Value);
        yield return new SitePart(reader);
        yield return new ListsPart(reader);
        yield return new PagesPart(reader);
        yield return new LibrariesPart(client, reader.SiteId, drives.Value);
    }
}
