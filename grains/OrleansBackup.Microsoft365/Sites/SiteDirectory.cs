using System.Runtime.CompilerServices;
using System.Text.Json;
using OrleansBackup.Microsoft365.Batching;
using OrleansBackup.Microsoft365.Paging;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Sites;

/// <summary>Finds the sites of a tenant: all of its geographies, subsites included, archived and personal ones marked as such.</summary>
public sealed class SiteDirectory(GraphClient client)
{
    private const int PageSize = 200;

    /// <summary>Every site; subsites come after the site that they lie below.</summary>
    /// <exception cref="SiteUnavailableException">The tenant has no SharePoint (<see cref="SiteProblem.NotLicensed"/>).</exception>
    /// <exception cref="TenantAccessException">The tenant is closed to us, or does not grant the permission.</exception>
    public async IAsyncEnumerable<GraphSite> ListAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var level = new List<GraphSite>();
        await foreach (var page in ListWalk.PagesAsync(client, Read($"sites/getAllSites?$select={GraphSite.Select}&$top={PageSize}", RequestSubject.Tenant), cancellation))
        {
            foreach (var item in page.Items)
            {
                using var document = JsonDocument.Parse(item);
                if (GraphSite.Read(document.RootElement) is not { } site || !seen.Add(site.Id)) continue;
                if (!site.IsPersonal && !site.IsArchived) level.Add(site);
                yield return site;
            }
        }

        // Listings of the tenant do not have subsites: each site is asked for those right below it, level by level.
        while (level.Count > 0)
        {
            var below = new List<GraphSite>();
            await foreach (var site in BelowAsync(level, cancellation))
            {
                if (!seen.Add(site.Id)) continue;
                below.Add(site);
                yield return site;
            }

            level = below;
        }
    }

    /// <summary>The site of a group; null when it has none (yet).</summary>
    public async Task<GraphSite?> FindOfGroupAsync(string groupId, CancellationToken cancellation)
    {
        try
        {
            var answer = await client.SendAsync(Read($"groups/{Uri.EscapeDataString(groupId)}/sites/root?$select={GraphSite.Select}", RequestSubject.SiteItem), cancellation);
            using var document = JsonDocument.Parse(answer.Json);
            return GraphSite.Read(document.RootElement);
        }
        catch (ItemGoneException)
        {
            return null;
        }
    }

    /// <summary>Sites that cannot be opened have no subsites that anybody could read.</summary>
    private async IAsyncEnumerable<GraphSite> BelowAsync(List<GraphSite> parents, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var parts = parents.Select(parent => new BatchPart($"/sites/{Uri.EscapeDataString(parent.Id)}/sites?$select={GraphSite.Select}&$top={PageSize}", Prefer: null)).ToList();
        var answers = await new BatchSender(client).SendAsync(parts, mailbox: null, RequestSubject.SiteItem, cancellation);
        for (var i = 0; i < parents.Count; i++)
        {
            if (answers[i].Failure is not null || !answers[i].Body.TryGetProperty("value", out var list)) continue;
            foreach (var item in list.EnumerateArray())
            {
                if (GraphSite.Read(item, parents[i].Id) is { } site) yield return site;
            }

            if (TolerantJson.GetText(answers[i].Body, "@odata.nextLink") is not { } link || LinkCheck.Follow(client, link, client.Address(parts[i].Url[1..])) is not { } next) continue;
            await foreach (var page in ListWalk.PagesAsync(client, Read("", RequestSubject.SiteItem) with { Address = next }, cancellation))
            {
                foreach (var item in page.Items)
                {
                    using var document = JsonDocument.Parse(item);
                    if (GraphSite.Read(document.RootElement, parents[i].Id) is { } site) yield return site;
                }
            }
        }
    }

    private GraphRequest Read(string path, RequestSubject subject) => new()
    {
        Method = HttpMethod.Get, Address = client.Address(path), Subject = subject, AnyPermission = CollaborationGrants.ReadSites,
    };
}
