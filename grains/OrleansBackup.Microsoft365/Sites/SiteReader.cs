using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using OrleansBackup.Microsoft365.Paging;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Sites;

/// <summary>Reads one site: what it is, its lists and their items, its pages.</summary>
/// <remarks>Safe for concurrent use. Its libraries are drives.</remarks>
public sealed class SiteReader
{
    private readonly GraphClient _client;
    private readonly SiteRequests _requests;
    private readonly SiteReadOptions _options;

    public SiteReader(GraphClient client, string siteId, SiteReadOptions options)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrEmpty(siteId);
        ArgumentNullException.ThrowIfNull(options);
        (_client, _requests, _options) = (client, new SiteRequests(client, siteId), options);
    }

    public string SiteId => _requests.SiteId;

    /// <summary>The site's properties as they were sent, and what of them a listing shows.</summary>
    /// <exception cref="SiteUnavailableException">The site is gone, locked or closed.</exception>
    public async Task<(GraphSite Site, ReadOnlyMemory<byte> Json)> ReadAsync(CancellationToken cancellation)
    {
        var json = (await _client.SendAsync(_requests.Read(_requests.Root, RequestSubject.Site), cancellation)).Json;
        using var document = JsonDocument.Parse(json);
        return (GraphSite.Read(document.RootElement) ?? throw new SiteUnavailableException(SiteProblem.NoSite, $"Site '{SiteId}' has no id.", "NoSiteId", requestId: null), json);
    }

    /// <summary>What applications may do here: Graph tells of nobody else's rights to a site as a whole.</summary>
    /// <exception cref="TenantAccessException">The permission that even looking needs is not granted.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadPermissionsAsync(CancellationToken cancellation) =>
        (await _client.SendAsync(_requests.Read(_client.Address($"{_requests.Root}/permissions"), RequestSubject.Site, units: 5, CollaborationGrants.ReadSitePermissions), cancellation)).Json;

    /// <summary>Every list, those included that are libraries or the service's own; see <see cref="SiteList.HoldsItems"/>.</summary>
    public async Task<ImmutableArray<SiteList>> ReadListsAsync(CancellationToken cancellation)
    {
        var lists = new Dictionary<string, SiteList>(StringComparer.Ordinal);
        var first = _requests.Read($"{_requests.Root}/lists?$select={SiteList.Select}&$expand=columns,contentTypes", RequestSubject.Site, units: 2);
        await foreach (var page in ListWalk.PagesAsync(_client, first, cancellation))
            foreach (var item in page.Items)
                if (SiteList.Read(item) is { } list) lists[list.Id] = list;
        return [.. lists.Values];
    }

    /// <summary>What changed in a list since a link, or everything when there is none. Always comes to an end.</summary>
    /// <exception cref="ItemGoneException">The list is gone.</exception>
    public IAsyncEnumerable<ListPage> ReadItemsAsync(string listId, string? link, CancellationToken cancellation) => new ListRound(_client, _requests, _options, listId).PagesAsync(link, cancellation);

    /// <summary>Ids and eTags of all items by a plain listing, to compare with.</summary>
    public async IAsyncEnumerable<ListEntry> ListItemsAsync(string listId, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var page in new ListRound(_client, _requests, _options, listId).ListingAsync(withFields: false, cancellation))
            foreach (var item in page.Items)
                if (ListEntry.Read(item) is { } entry) yield return entry;
    }

    /// <summary>Items as they are now, each alone; what is gone is left out.</summary>
    public async Task<IReadOnlyList<ListEntry>> FetchItemsAsync(string listId, IReadOnlyList<string> itemIds, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(itemIds);
        return await ListRound.FetchAsync([.. itemIds.Select(id => ListEntry.Broken(id, eTag: null, ""))], _client, _requests, listId, cancellation);
    }

    /// <summary>Every page; pages have no change tracking, their eTags tell what changed.</summary>
    public async Task<ImmutableArray<SitePage>> ReadPagesAsync(CancellationToken cancellation)
    {
        var pages = new Dictionary<string, SitePage>(StringComparer.Ordinal);
        var first = _requests.Read($"{_requests.Root}/pages/microsoft.graph.sitePage?$select={SitePage.Select}", RequestSubject.Site, units: 2);
        await foreach (var page in ListWalk.PagesAsync(_client, first, cancellation))
        {
            foreach (var item in page.Items)
            {
                using var document = JsonDocument.Parse(item);
                if (SitePage.Read(document.RootElement) is { } found) pages[found.Id] = found;
            }
        }

        return [.. pages.Values];
    }

    /// <summary>A page with all that is on it, as it was sent.</summary>
    /// <exception cref="ItemGoneException">It is gone.</exception>
    /// <exception cref="ItemUnreadableException">The service cannot show it, as happens to pages of the old editor.</exception>
    public async Task<ReadOnlyMemory<byte>> FetchPageAsync(string pageId, CancellationToken cancellation) =>
        (await _client.SendAsync(_requests.Read($"{_requests.PagePath(pageId)}/microsoft.graph.sitePage?$expand=canvasLayout", RequestSubject.SiteItem), cancellation)).Json;
}
