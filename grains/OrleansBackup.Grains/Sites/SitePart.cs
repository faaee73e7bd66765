using System.Collections.Immutable;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Sites;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Sites;

/// <summary>The site itself: its properties, and which applications have rights to it. A site that cannot be opened is not backed up.</summary>
/// <remarks>Groups of people, their roles, navigation, theme and workflows are not given out by Graph: the coverage table says so, not every point.</remarks>
internal sealed class SitePart(SiteReader reader) : IRunPart
{
    private const string PermissionsPart = "site-permissions";

    public string Name => ItemIds.Site;

    public bool IsEssential => true;

    public async Task BackUpAsync(RunSession session, CancellationToken cancellation)
    {
        session.Board.Step("Opening the site");
        var (site, json) = await reader.ReadAsync(cancellation);
        var more = ImmutableSortedDictionary<string, ContentReference>.Empty;
        try
        {
            more = more.Add(ContentRoles.Permissions, await session.Writer.StoreAsync(await reader.ReadPermissionsAsync(cancellation), cancellation));
        }
        catch (TenantAccessException exception) when (exception.Problem == TenantAccessProblem.PermissionMissing)
        {
            session.Note(PointDetails.Lacks + PermissionsPart, exception.Message); // a permission that few tenants grant for this alone: said, and no warning of every day
        }
        var item = SiteItems.Plain(SiteItems.SiteId(reader.SiteId), null, ItemKinds.Site, site.Name, null);
        await new JsonIntake(session, session.DebtsOf(ItemIds.Site), ItemIds.Site).TakeAsync(item, json, eTag: null, cancellation, more);
    }
}
