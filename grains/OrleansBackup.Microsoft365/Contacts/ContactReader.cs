using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using OrleansBackup.Microsoft365.Items;
using OrleansBackup.Microsoft365.Paging;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Contacts;

/// <summary>Reads a mailbox's contacts in all folders, by change tracking per folder, and their pictures.</summary>
public sealed class ContactReader : IItemSource
{
    private static readonly string[] NameProperties = ["displayName", "fileAs", "companyName"];

    private readonly ItemRequests _requests;
    private readonly ItemReadOptions _options;

    /// <param name="userId">Object id of the mailbox's user.</param>
    public ContactReader(GraphClient client, string userId, ItemReadOptions options)
    {
        ArgumentNullException.ThrowIfNull(client);
        (_requests, _options) = (new ItemRequests(client, userId, GraphPermissions.ReadContacts, GraphPermissions.WriteContacts), options);
    }

    public Task<ImmutableArray<ItemContainer>> ReadContainersAsync(CancellationToken cancellation) => ReadFoldersAsync(_requests, cancellation);

    internal static async Task<ImmutableArray<ItemContainer>> ReadFoldersAsync(ItemRequests requests, CancellationToken cancellation)
    {
        var found = ImmutableArray.CreateBuilder<ItemContainer>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        // The default folder is in no list: the service knows it by name, or by what lies in it.
        var standard = await DefaultAsync(requests, cancellation);
        if (standard is not null && seen.Add(standard.Id)) found.Add(standard);
        await ChildrenAsync("contactFolders", standard?.Id);
        return found.ToImmutable();

        async Task ChildrenAsync(string path, string? parent)
        {
            var here = new List<ItemContainer>();
            await foreach (var page in ListWalk.PagesAsync(requests.Client, requests.Read(requests.Address(path), RequestSubject.Mailbox, pageSize: 100), cancellation))
            {
                here.AddRange(page.Items.Select(item => ItemContainer.Read(item, "displayName", _ => false, parent)).OfType<ItemContainer>().Where(folder => seen.Add(folder.Id)));
            }

            found.AddRange(here);
            foreach (var folder in here) await ChildrenAsync($"contactFolders/{ItemRequests.Segment(folder.Id)}/childFolders", folder.Id);
        }
    }

    public async IAsyncEnumerable<ItemPage> ReadItemsAsync(string containerId, string? link, bool isNew, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var path = $"contactFolders/{ItemRequests.Segment(containerId)}/contacts";
        var round = new ItemRound(_requests, containerId, link, _requests.Address($"{path}/delta"),
            position => _requests.Address(position == 0 ? path : $"{path}?$skip={position}"), _options.PageSize, Parse);
        while (await round.NextAsync(cancellation) is { } page) yield return page;
    }

    public async Task<FetchedItem> FetchAsync(ListedItem item, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(item);
        try
        {
            return new FetchedItem(item, await PhotoAsync(item.Id, cancellation), [], []);
        }
        catch (GraphException e) when (e is ItemUnreadableException or GraphRefusedException)
        {
            return new FetchedItem(item, Photo: null, [], [$"The picture could not be read ({e.Code})."]) { LacksParts = true };
        }
    }

    public async Task<ListedItem?> TryReadAsync(string itemId, string containerId, CancellationToken cancellation)
    {
        try
        {
            var answer = await _requests.Client.SendAsync(_requests.Read(_requests.Address($"contacts/{ItemRequests.Segment(itemId)}"), RequestSubject.Item), cancellation);
            using var document = JsonDocument.Parse(answer.Json, new JsonDocumentOptions { MaxDepth = 128 });
            return Parse(document.RootElement, answer.Json, containerId);
        }
        catch (ItemGoneException)
        {
            return null;
        }
    }

    private static ListedItem? Parse(JsonElement root, ReadOnlyMemory<byte> json, string containerId) => TolerantJson.GetText(root, "id") is { Length: > 0 } id
        ? new ListedItem(id, TolerantJson.GetText(root, "parentFolderId") ?? containerId, TolerantJson.GetText(root, "changeKey") ?? TolerantJson.GetText(root, "@odata.etag") ?? "",
            NameOf(root), Time: null, json) { IsWhole = true }
        : null;

    private static string NameOf(JsonElement contact) =>
        NameProperties.Select(name => TolerantJson.GetText(contact, name)).FirstOrDefault(name => !string.IsNullOrWhiteSpace(name)) ?? "";

    private async Task<Stream?> PhotoAsync(string id, CancellationToken cancellation)
    {
        try
        {
            var request = _requests.Read(_requests.Address($"contacts/{ItemRequests.Segment(id)}/photo/$value"), RequestSubject.Item) with { WantsContent = true };
            return (await _requests.Client.SendAsync(request, cancellation)).Content;
        }
        catch (ItemGoneException)
        {
            return null; // no picture; if the contact itself is gone, the next round tells
        }
        catch (GraphRefusedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    private static async Task<ItemContainer?> DefaultAsync(ItemRequests requests, CancellationToken cancellation)
    {
        try
        {
            var answer = await requests.Client.SendAsync(requests.Read(requests.Address("contactFolders/contacts"), RequestSubject.Folder), cancellation);
            return ItemContainer.Read(answer.Json, "displayName", _ => true, parentId: null);
        }
        catch (GraphException e) when (e is FolderGoneException or GraphRefusedException or ItemUnreadableException)
        {
            return await DefaultOfContentAsync(requests, cancellation);
        }
    }

    private static async Task<ItemContainer?> DefaultOfContentAsync(ItemRequests requests, CancellationToken cancellation)
    {
        var answer = await requests.Client.SendAsync(requests.Read(requests.Address("contacts?$top=1&$select=parentFolderId"), RequestSubject.Mailbox), cancellation);
        if (GraphPage.Read(answer.Json).Items is not [var contact, ..]) return null; // an empty folder yields nothing, and nothing is in it
        using var document = JsonDocument.Parse(contact);
        return TolerantJson.GetText(document.RootElement, "parentFolderId") is { Length: > 0 } id
            ? new ItemContainer(id, "Contacts", ParentId: null, ItemContainer.Default, IsGroup: false, "{}"u8.ToArray())
            : null;
    }
}
