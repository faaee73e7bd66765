using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Text.Json;
using OrleansBackup.Microsoft365.Items;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Contacts;

/// <summary>Puts contacts with their pictures back into the folders of one mailbox.</summary>
public sealed class ContactWriter : IItemTarget
{
    private const string DefaultName = "Restored contacts";

    // Shown beside emailAddresses and made from it; the rest is the service's own.
    private static readonly HashSet<string> NotWritten = new(StringComparer.Ordinal)
    {
        "id", "changeKey", "parentFolderId", "createdDateTime", "lastModifiedDateTime", "primaryEmailAddress", "secondaryEmailAddress", "tertiaryEmailAddress", "photo", "extensions",
    };

    private readonly ItemRequests _requests;
    private readonly MailWriteOptions _options;
    private readonly ItemFinder _finder;

    /// <param name="userId">Object id of the mailbox's user.</param>
    public ContactWriter(GraphClient client, string userId, MailWriteOptions options)
    {
        ArgumentNullException.ThrowIfNull(client);
        (_requests, _options) = (new ItemRequests(client, userId, GraphPermissions.ReadContacts, GraphPermissions.WriteContacts), options);
        _finder = new ItemFinder(_requests, new ItemWays
        {
            Item = (id, _) => $"contacts/{ItemRequests.Segment(id)}?$select=id,parentFolderId", ContainerOf = item => TolerantJson.GetText(item, "parentFolderId"),
            Collection = Collection, Containers = ReadContainersAsync,
        }, options.LookUpsBeforeListing);
    }

    public Task<ImmutableArray<ItemContainer>> ReadContainersAsync(CancellationToken cancellation) => ContactReader.ReadFoldersAsync(_requests, cancellation);

    public async Task<ItemContainer> EnsureContainerAsync(string? parentId, string name, bool isGroup, ReadOnlyMemory<byte> json, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(name);
        name = name.Trim() is { Length: > 0 } given ? given : DefaultName;
        for (var attempt = 0; ; attempt++)
        {
            var folders = await ReadContainersAsync(cancellation);
            var parent = parentId ?? folders.FirstOrDefault(folder => folder.WellKnownName is not null)?.Id;
            if (folders.FirstOrDefault(folder => folder.ParentId == parent && folder.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } there) return there;
            try
            {
                var path = parentId is null ? "contactFolders" : $"contactFolders/{ItemRequests.Segment(parentId)}/childFolders";
                var body = JsonBody.Write(folder => folder.WriteString("displayName", name));
                var answer = await _requests.Client.SendAsync(_requests.WriteJson(HttpMethod.Post, path, RequestSubject.Folder, body, isRepeatable: false), cancellation);
                return ItemContainer.Read(answer.Json, "displayName", _ => false, parent)
                    ?? throw new GraphTransientException($"Mailbox '{_requests.UserId}': a folder was made and has no id.", "NoId", requestId: null, status: null);
            }
            catch (GraphException e) when (attempt == 0 && e is GraphTransientException or GraphRefusedException { Status: 409 })
            {
                // Made by somebody else, or by this very request whose answer was lost: look again.
            }
        }
    }

    public Task<IReadOnlyDictionary<string, ExistingItem>> FindByIdAsync(IReadOnlyList<(string Id, string ContainerId)> items, CancellationToken cancellation) => _finder.ByIdAsync(items, cancellation);

    public async Task RemoveUnfinishedAsync(string containerId, StoredItem item, ItemMarker marker, IReadOnlySet<string> except, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(marker);
        foreach (var left in await _finder.ByPropertyAsync(containerId, ExtendedProperties.RestoreMarker, marker.Text, except, cancellation)) await TryDeleteAsync(left, cancellation);
    }

    public async Task<ExistingItem?> FindRestoredAsync(string containerId, StoredItem item, IReadOnlySet<string> except, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(item);
        return (await _finder.ByPropertyAsync(containerId, ExtendedProperties.RestoredFrom, item.Origin, except, cancellation)).FirstOrDefault();
    }

    public async Task<RestoredItem> CreateAsync(string containerId, StoredItem item, ItemMarker marker, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(marker);
        var json = Compose(item, marker.Text);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var answer = await _requests.Client.SendAsync(_requests.WriteJson(HttpMethod.Post, Collection(containerId), RequestSubject.Folder, json, isRepeatable: false), cancellation);
                using var made = JsonBody.Parse(answer.Json);
                var id = TolerantJson.GetText(made.RootElement, "id") ?? throw new GraphTransientException($"Mailbox '{_requests.UserId}': a contact was made and has no id.", "NoId", requestId: null, status: null);
                return new RestoredItem(id, item.OpenPhoto is null ? [] : await PhotoAsync(id, item.OpenPhoto, cancellation));
            }
            catch (GraphTransientException) when (attempt < _options.MaxCreateAttempts)
            {
                await Task.Delay(_requests.Client.Options.FirstBackoff * attempt, _requests.Client.Time, cancellation);
                foreach (var left in await _finder.AskAsync(containerId, ExtendedProperties.RestoreMarker, marker.Text, ImmutableHashSet<string>.Empty, cancellation)) await TryDeleteAsync(left, cancellation);
            }
        }
    }

    public async Task PurgeContainerAsync(string containerId, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(containerId);
        try
        {
            await _requests.Client.SendAsync(_requests.Write(HttpMethod.Post, _requests.Path($"contactFolders/{ItemRequests.Segment(containerId)}/permanentDelete"), RequestSubject.Folder), cancellation);
        }
        catch (Exception e) when (e is FolderGoneException or ItemGoneException)
        {
            // What was wanted.
        }
    }

    public async Task<bool> TryDeleteAsync(ExistingItem item, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(item);
        try
        {
            await _requests.Client.SendAsync(_requests.Write(HttpMethod.Delete, _requests.Path($"contacts/{ItemRequests.Segment(item.Id)}"), RequestSubject.Item), cancellation);
        }
        catch (ItemGoneException)
        {
            // What was wanted.
        }

        _finder.Forget(item.Id);
        return true;
    }

    private static byte[] Compose(StoredItem item, string marker)
    {
        using var document = JsonBody.Parse(item.Json);
        return JsonBody.Write(json =>
        {
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (NotWritten.Contains(property.Name) || property.Name.Contains('@', StringComparison.Ordinal) || property.Value.ValueKind == JsonValueKind.Null) continue;
                json.WritePropertyName(property.Name);
                JsonBody.Raw(json, property.Value);
            }

            JsonBody.Extended(json, (ExtendedProperties.RestoreMarker, marker), (ExtendedProperties.RestoredFrom, item.Origin));
        });
    }

    private async Task<ImmutableArray<Loss>> PhotoAsync(string id, Func<CancellationToken, Task<Stream>> open, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        await using (var photo = await open(cancellation)) await photo.CopyToAsync(bytes, cancellation);
        var content = bytes.ToArray();
        try
        {
            var answer = await _requests.Client.SendAsync(_requests.Write(HttpMethod.Put, _requests.Path($"contacts/{ItemRequests.Segment(id)}/photo/$value"), RequestSubject.Item) with
            {
                Body = () => new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue(content is [0x89, ..] ? "image/png" : "image/jpeg") } },
                BodyBytes = content.Length,
                WantsContent = true, // the answer is empty, which is no JSON
            }, cancellation);
            if (answer.Content is { } nothing) await nothing.DisposeAsync();
            return [];
        }
        catch (GraphException e) when (e is GraphRefusedException or ItemUnreadableException)
        {
            return [new Loss(ItemLossKind.Photo, $"The service refused the picture ({e.Code}).")];
        }
    }

    private static string Collection(string containerId) => $"contactFolders/{ItemRequests.Segment(containerId)}/contacts";
}
