using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Sites;

/// <summary>Puts lists, items and pages into one site.</summary>
public sealed class SiteWriter
{
    private readonly GraphClient _client;
    private readonly SiteRequests _requests;

    public SiteWriter(GraphClient client, string siteId)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrEmpty(siteId);
        (_client, _requests) = (client, new SiteRequests(client, siteId));
    }

    public string SiteId => _requests.SiteId;

    /// <summary>The permission that writing lacks, or null; null too when the token cannot be read.</summary>
    public static async Task<string?> FindMissingPermissionAsync(GraphClient client, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(client);
        return await client.ReadGrantedRolesAsync(cancellation) is { } roles && !CollaborationGrants.WriteSites.Any(roles.Contains) ? CollaborationGrants.WriteSites[0] : null;
    }

    /// <summary>Makes a list of that name with the columns that the service takes.</summary>
    /// <exception cref="GraphRefusedException">Another list or library has the name (409).</exception>
    public async Task<(SiteList List, ImmutableArray<Loss> Losses)> CreateListAsync(ListComposer list, string name, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(list);
        var (body, losses) = list.List(name);
        var answer = await _client.SendAsync(_requests.Write(HttpMethod.Post, $"{_requests.Root}/lists", body, repeatable: true), cancellation); // a second one is refused by its name
        return (SiteList.Read(answer.Json) ?? throw Unnamed("list"), losses);
    }

    /// <summary>Makes an item. A column whose value is refused is left out and said, rather than the item.</summary>
    /// <exception cref="ItemGoneException">There is no such list.</exception>
    public async Task<(string Id, ImmutableArray<Loss> Losses)> CreateItemAsync(string listId, JsonObject fields, bool isFolder, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(fields);
        try
        {
            return (await PostItemAsync(listId, fields, isFolder, cancellation), []);
        }
        catch (GraphRefusedException e) when (e.Status == 400 && fields.Count > 1)
        {
            // The service does not say which column it minds: the title first, then one after the other.
            var title = new JsonObject();
            if (fields["Title"] is { } value) title["Title"] = value.DeepClone();
            var id = await PostItemAsync(listId, title, isFolder, cancellation);
            var losses = ImmutableArray.CreateBuilder<Loss>();
            foreach (var name in fields.Select(field => field.Key).Where(name => name != "Title" && !name.Contains('@', StringComparison.Ordinal)))
            {
                if (!await TrySetAsync(listId, id, fields, name, cancellation))
                    losses.Add(new(SiteLossKind.FieldRefused, $"The service does not take the value of column '{name}'.", name));
            }

            return (id, losses.ToImmutable());
        }
    }

    public Task ChangeItemAsync(string listId, string itemId, JsonObject fields, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(fields);
        return _client.SendAsync(_requests.Write(HttpMethod.Patch, $"{_requests.ItemPath(listId, itemId)}/fields", Bytes(fields), repeatable: true), cancellation);
    }

    /// <summary>Into the recycle bin; an item that is not there stays away.</summary>
    public async Task DeleteItemAsync(string listId, string itemId, CancellationToken cancellation)
    {
        try
        {
            await _client.SendAsync(_requests.Write(HttpMethod.Delete, _requests.ItemPath(listId, itemId), body: null, repeatable: true), cancellation);
        }
        catch (ItemGoneException)
        {
        }
    }

    /// <summary>Makes a page from one as it was sent, and publishes it if it was published.</summary>
    /// <param name="name">The file's name, ending with <c>.aspx</c>.</param>
    /// <param name="mayPublish">False: it stays a draft, which nobody is shown.</param>
    /// <exception cref="GraphRefusedException">Another page has the name (409), or the service does not take the page (400).</exception>
    public async Task<(string Id, ImmutableArray<Loss> Losses)> CreatePageAsync(ReadOnlyMemory<byte> pageJson, string name, bool mayPublish, CancellationToken cancellation)
    {
        var page = JsonNode.Parse(pageJson.Span)!.AsObject();
        var losses = ImmutableArray.CreateBuilder<Loss>();
        losses.Add(ListComposer.AuthorAndDates);
        var body = Compose(page, name);
        string id;
        try
        {
            id = await PostPageAsync(body, cancellation);
        }
        catch (GraphRefusedException e) when (e.Status == 400 && body.Remove("canvasLayout"))
        {
            id = await PostPageAsync(body, cancellation);
            losses.Add(new(SiteLossKind.PageContent, "The service does not take what was on the page; it is in the backup."));
        }

        if (mayPublish && (string?)page["publishingState"]?["level"] == "published" && !await TryPublishAsync(id, cancellation))
            losses.Add(new(SiteLossKind.NotPublished, "The page is there and the service did not publish it."));
        return (id, losses.ToImmutable());
    }

    /// <summary>With its items into the recycle bin; a list that is not there stays away.</summary>
    public async Task DeleteListAsync(string listId, CancellationToken cancellation)
    {
        try
        {
            await _client.SendAsync(_requests.Write(HttpMethod.Delete, _requests.ListPath(listId), body: null, repeatable: true), cancellation);
        }
        catch (ItemGoneException)
        {
        }
    }

    public async Task DeletePageAsync(string pageId, CancellationToken cancellation)
    {
        try
        {
            await _client.SendAsync(_requests.Write(HttpMethod.Delete, _requests.PagePath(pageId), body: null, repeatable: true), cancellation);
        }
        catch (ItemGoneException)
        {
        }
    }

    private static JsonObject Compose(JsonObject page, string name)
    {
        var body = new JsonObject { ["@odata.type"] = "#microsoft.graph.sitePage", ["name"] = name };
        foreach (var property in new[] { "title", "description", "pageLayout", "promotionKind", "showComments", "showRecommendedPages", "titleArea", "thumbnailWebUrl", "canvasLayout" })
            if (page[property] is { } value) body[property] = value.DeepClone();
        if ((string?)body["pageLayout"] is "microsoftReserved") body.Remove("pageLayout");
        return body;
    }

    private async Task<string> PostPageAsync(JsonObject body, CancellationToken cancellation) =>
        Id(await _client.SendAsync(_requests.Write(HttpMethod.Post, $"{_requests.Root}/pages", Bytes(body), repeatable: true), cancellation), "page");

    private async Task<bool> TryPublishAsync(string id, CancellationToken cancellation)
    {
        try
        {
            await _client.SendAsync(_requests.Write(HttpMethod.Post, $"{_requests.PagePath(id)}/microsoft.graph.sitePage/publish", body: null, repeatable: true), cancellation);
            return true;
        }
        catch (GraphRefusedException)
        {
            return false;
        }
    }

    // A lost answer may have made the item: the job looks for it, so the request is not repeated blindly.
    private async Task<string> PostItemAsync(string listId, JsonObject fields, bool isFolder, CancellationToken cancellation)
    {
        var body = new JsonObject { ["fields"] = fields.DeepClone() };
        if (isFolder) body["contentType"] = new JsonObject { ["id"] = "0x0120" };
        return Id(await _client.SendAsync(_requests.Write(HttpMethod.Post, $"{_requests.ListPath(listId)}/items", Bytes(body), repeatable: false), cancellation), "item");
    }

    private async Task<bool> TrySetAsync(string listId, string itemId, JsonObject fields, string name, CancellationToken cancellation)
    {
        var one = new JsonObject();
        foreach (var key in new[] { name + "@odata.type", name })
            if (fields[key] is { } value) one[key] = value.DeepClone();
        try
        {
            await ChangeItemAsync(listId, itemId, one, cancellation);
            return true;
        }
        catch (GraphRefusedException)
        {
            return false;
        }
    }

    private static byte[] Bytes(JsonObject body) => JsonSerializer.SerializeToUtf8Bytes(body);

    private static string Id(GraphResponse answer, string what)
    {
        using var document = JsonDocument.Parse(answer.Json);
        return TolerantJson.GetText(document.RootElement, "id") ?? throw Unnamed(what);
    }

    private static GraphTransientException Unnamed(string what) => new($"The service made a {what} and did not name it.", "NoId", requestId: null, status: null);
}
