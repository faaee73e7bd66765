using System.Collections.Immutable;
using System.Globalization;
using System.Net.Http.Headers;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Sites;

/// <summary>The one place that spells the addresses of one site.</summary>
internal sealed class SiteRequests(GraphClient client, string siteId)
{
    public string SiteId => siteId;

    public string Load => CollaborationFailures.LoadOfSite(siteId);

    public string Root { get; } = $"sites/{Uri.EscapeDataString(siteId)}";

    public string ListPath(string listId) => $"{Root}/lists/{Uri.EscapeDataString(listId)}";

    public string ItemPath(string listId, string itemId) => $"{ListPath(listId)}/items/{Uri.EscapeDataString(itemId)}";

    public string PagePath(string pageId) => $"{Root}/pages/{Uri.EscapeDataString(pageId)}";

    public Uri Delta(string listId, int pageSize, bool withFields) =>
        client.Address(string.Create(CultureInfo.InvariantCulture, $"{ListPath(listId)}/items/delta?{(withFields ? "$expand=fields" : "$select=id,eTag")}&$top={pageSize}"));

    public Uri Items(string listId, int pageSize, bool withFields) =>
        client.Address(string.Create(CultureInfo.InvariantCulture, $"{ListPath(listId)}/items?{(withFields ? "$expand=fields" : "$select=id,eTag")}&$top={pageSize}"));

    public GraphRequest Read(Uri address, RequestSubject subject, int units = 1, ImmutableArray<string> permissions = default) => new()
    {
        Method = HttpMethod.Get, Address = address, Subject = subject, Mailbox = Load, Units = units, AnyPermission = permissions.IsDefault ? CollaborationGrants.ReadSites : permissions,
    };

    public GraphRequest Read(string path, RequestSubject subject, int units = 1) => Read(client.Address(path), subject, units);

    /// <param name="repeatable">Whether a lost answer may be followed by the same request again.</param>
    public GraphRequest Write(HttpMethod method, string path, byte[]? body, bool repeatable) => new()
    {
        Method = method, Address = client.Address(path), Subject = RequestSubject.SiteWrite, Mailbox = Load, Units = 2, AnyPermission = CollaborationGrants.WriteSites, IsRepeatable = repeatable, BodyBytes = body?.Length ?? 0,
        Body = body is null ? null : () => new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
    };
}
