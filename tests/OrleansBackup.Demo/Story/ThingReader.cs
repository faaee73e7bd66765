using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OrleansBackup.Demo.Clients;
using OrleansBackup.Demo.Comparison;

namespace OrleansBackup.Demo.Story;

/// <summary>Reads everything but mail of a whole restore point through the REST API: what things lie in, their properties, and every byte that hangs on them.</summary>
internal sealed partial class ThingReader(ServerApi api)
{
    private const int PageSize = 200;
    private const string MailFolder = "folder";
    private const string Json = "json";

    /// <summary>Downloads under way at once.</summary>
    private const int Breadth = 8;

    /// <summary>Roles whose bytes are the thing's own, and not about it.</summary>
    private static readonly string[] Bytes = ["content", "photo"];

    public async Task<ImmutableArray<PointThing>> ReadAsync(string pointPath, CancellationToken cancellation)
    {
        var folders = (await api.GetAsync<FoldersAnswer>($"{pointPath}/folders", cancellation)).Folders.Where(folder => folder.Kind != MailFolder).ToList();
        var things = new ConcurrentBag<PointThing>();
        var all = new ParallelOptions { MaxDegreeOfParallelism = Breadth, CancellationToken = cancellation };
        await Parallel.ForEachAsync(folders, all, async (folder, stop) => things.Add(await ReadContainerAsync(pointPath, folder, stop)));
        foreach (var folder in folders)
            await Parallel.ForEachAsync(await ListAsync(pointPath, folder.Id, cancellation), all, async (item, stop) => things.Add(await ReadItemAsync(pointPath, item, stop)));
        return [.. things];
    }

    /// <summary>The server's id of something in a point; null: it is not there.</summary>
    public async Task<string?> FindAsync(string pointPath, ThingPicture thing, CancellationToken cancellation)
    {
        var folders = (await api.GetAsync<FoldersAnswer>($"{pointPath}/folders", cancellation)).Folders;
        if (folders.FirstOrDefault(folder => folder.Kind == thing.Kind && Shown(folder.Id) == thing.Id) is { } itself)
            return itself.Id;
        foreach (var folder in folders.Where(folder => Shown(folder.Id) == thing.ContainerId))
            if ((await ListAsync(pointPath, folder.Id, cancellation)).FirstOrDefault(item => item.Kind == thing.Kind && Shown(item.Id) == thing.Id) is { } item)
                return item.Id;
        return null;
    }

    private async Task<List<ItemAnswer>> ListAsync(string pointPath, string folderId, CancellationToken cancellation)
    {
        var all = new List<ItemAnswer>();
        string? after = null;
        do
        {
            var page = await api.GetAsync<ItemsAnswer>(
                $"{pointPath}/folders/{Uri.EscapeDataString(folderId)}/items?limit={PageSize}{(after is null ? "" : "&after=" + Uri.EscapeDataString(after))}", cancellation);
            all.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);
        return all;
    }

    // Folders of mailboxes have nothing to tell but name and place; those of drives, sites and teams are things with properties of their own.
    private async Task<PointThing> ReadContainerAsync(string pointPath, FolderAnswer folder, CancellationToken cancellation)
    {
        var isThing = folder.Kind is "list" or "channel" or "team" or "drive-folder";
        var properties = isThing ? await api.GetAsync<JsonElement>($"{pointPath}/items/{Uri.EscapeDataString(folder.Id)}/properties", cancellation) : default;
        return new PointThing(folder.Id, new ThingPicture(folder.Kind, Shown(folder.Id), folder.ParentId is { } parent ? Shown(parent) : null, folder.Name, properties, []));
    }

    private async Task<PointThing> ReadItemAsync(string pointPath, ItemAnswer item, CancellationToken cancellation)
    {
        var path = $"{pointPath}/items/{Uri.EscapeDataString(item.Id)}";
        var properties = item.Contents.Any(content => content.Role == Json) ? Comparable(item.Kind, await api.GetAsync<JsonElement>($"{path}/properties", cancellation)) : default;
        var contents = ImmutableArray.CreateBuilder<ThingContent>();
        foreach (var role in item.Contents.Select(content => content.Role).Where(role => Bytes.Contains(role) || role.StartsWith("hosted-", StringComparison.Ordinal)))
            contents.Add(new ThingContent(role, await HashAsync($"{path}/contents/{role}", cancellation)));
        for (var i = 0; i < item.Attachments.Length; i++)
            contents.Add(new ThingContent($"attachment {item.Attachments[i].Name}", await HashAsync($"{path}/attachments/{i}", cancellation)));
        return new PointThing(item.Id, new ThingPicture(item.Kind, Shown(item.Id), Shown(item.FolderId), item.Subject, properties, contents.ToImmutable()));
    }

    private async Task<string?> HashAsync(string path, CancellationToken cancellation) =>
        (await api.DownloadAsync(path, ContentFingerprint.OfAsync, cancellation))?.Sha256;

    /// <summary>Graph's id: the server puts the part of the resource and a tilde before it, but for mail.</summary>
    public static string Shown(string id) => id[(id.IndexOf('~', StringComparison.Ordinal) + 1)..];

    /// <summary>What Graph spells in a way that tells of itself: an address of a picture, the id of an occurrence that is named by its day.</summary>
    private static JsonElement Comparable(string kind, JsonElement properties)
    {
        if (kind is not ("event" or "channel-message"))
            return properties;
        var shown = JsonObject.Create(properties)!;
        if (shown["cancelledOccurrences"] is JsonArray cancelled)
            shown["cancelledOccurrences"] = new JsonArray([.. cancelled.Select(id => (JsonNode)((string)id!)[^"yyyy-MM-dd".Length..])]);
        if (kind == "channel-message" && shown["body"]?["content"] is JsonValue body)
            shown["body"]!["content"] = AddressOfPicture().Replace((string)body!, "{picture}");
        return JsonSerializer.SerializeToElement(shown);
    }

    [GeneratedRegex("https?://[^\"]*/hostedContents/[^\"]*/\\$value")]
    private static partial Regex AddressOfPicture();
}

/// <summary>Something of a restore point.</summary>
/// <param name="ItemId">The server's id of it.</param>
public sealed record PointThing(string ItemId, ThingPicture Picture);
