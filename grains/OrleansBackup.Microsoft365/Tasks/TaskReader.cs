using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using OrleansBackup.Microsoft365.Items;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Microsoft365.Paging;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Tasks;

/// <summary>Reads a mailbox's to-do lists by change tracking per list; each changed task with its steps, links and attachments.</summary>
public sealed class TaskReader : IItemSource
{
    private readonly ItemRequests _requests;
    private readonly ItemReadOptions _options;
    private readonly MailReadOptions _attachments;

    /// <param name="userId">Object id of the mailbox's user.</param>
    public TaskReader(GraphClient client, string userId, ItemReadOptions options, MailReadOptions attachments)
    {
        ArgumentNullException.ThrowIfNull(client);
        (_requests, _options, _attachments) = (new ItemRequests(client, userId, GraphPermissions.ReadTasks, GraphPermissions.WriteTasks), options, attachments);
    }

    public Task<ImmutableArray<ItemContainer>> ReadContainersAsync(CancellationToken cancellation) => ReadListsAsync(_requests, cancellation);

    internal static async Task<ImmutableArray<ItemContainer>> ReadListsAsync(ItemRequests requests, CancellationToken cancellation)
    {
        var found = ImmutableArray.CreateBuilder<ItemContainer>();
        await foreach (var page in ListWalk.PagesAsync(requests.Client, requests.Read(requests.Address("todo/lists"), RequestSubject.Mailbox, pageSize: 100), cancellation))
        {
            found.AddRange(page.Items.Select(item => ItemContainer.Read(item, "displayName", IsDefault, parentId: null)).OfType<ItemContainer>());
        }

        return found.ToImmutable();
    }

    public async IAsyncEnumerable<ItemPage> ReadItemsAsync(string containerId, string? link, bool isNew, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var path = $"todo/lists/{ItemRequests.Segment(containerId)}/tasks";
        var round = new ItemRound(_requests, containerId, link, _requests.Address($"{path}/delta"),
            position => _requests.Address(position == 0 ? path : $"{path}?$skip={position}"), _options.PageSize, (root, json, container) => Parse(root, json, container, isWhole: false));
        while (await round.NextAsync(cancellation) is { } page) yield return page;
    }

    /// <remarks>One request a task: whether a round may expand steps is not documented, and what is left out silently would be lost.</remarks>
    public async Task<FetchedItem> FetchAsync(ListedItem item, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (!item.IsWhole) item = await ReadAsync(item.Id, item.ContainerId, cancellation);
        using var document = JsonDocument.Parse(item.Json, new JsonDocumentOptions { MaxDepth = 128 });
        if (!document.RootElement.TryGetProperty("hasAttachments", out var has) || has.ValueKind != JsonValueKind.True) return new FetchedItem(item, Photo: null, [], []);
        try
        {
            var owner = _requests.Attachments($"todo/lists/{ItemRequests.Segment(item.ContainerId)}/tasks/", ofTasks: true);
            var found = await new AttachmentFetch(_requests.Client, owner, _attachments).ReadAllAsync(item.Id, cancellation);
            return new FetchedItem(item, Photo: null, [.. found.Select(attachment => new FetchedItemAttachment(attachment, Occurrence: null))], [])
            {
                LacksParts = found.Any(attachment => attachment.Failure is not null),
            };
        }
        catch (GraphException e) when (e is ItemUnreadableException or GraphRefusedException)
        {
            return new FetchedItem(item, Photo: null, [], [$"The attachments could not be listed ({e.Code})."]) { LacksParts = true };
        }
    }

    public async Task<ListedItem?> TryReadAsync(string itemId, string containerId, CancellationToken cancellation)
    {
        try
        {
            return await ReadAsync(itemId, containerId, cancellation);
        }
        catch (ItemGoneException)
        {
            return null;
        }
    }

    private async Task<ListedItem> ReadAsync(string itemId, string containerId, CancellationToken cancellation)
    {
        var address = _requests.Address($"todo/lists/{ItemRequests.Segment(containerId)}/tasks/{ItemRequests.Segment(itemId)}?$expand=checklistItems,linkedResources");
        var answer = await _requests.Client.SendAsync(_requests.Read(address, RequestSubject.Item), cancellation);
        using var document = JsonDocument.Parse(answer.Json, new JsonDocumentOptions { MaxDepth = 128 });
        return Parse(document.RootElement, answer.Json, containerId, isWhole: true)
            ?? throw new ItemUnreadableException($"Mailbox '{_requests.UserId}': a task came without an id.", "NoId", requestId: null);
    }

    internal static ListedItem? Parse(JsonElement root, ReadOnlyMemory<byte> json, string containerId, bool isWhole) => TolerantJson.GetText(root, "id") is { Length: > 0 } id
        ? new ListedItem(id, containerId, TolerantJson.GetText(root, "@odata.etag") ?? TolerantJson.GetText(root, "lastModifiedDateTime") ?? "", TolerantJson.GetText(root, "title") ?? "",
            ItemRound.Time(root, "dueDateTime"), json) { IsWhole = isWhole }
        : null;

    private static bool IsDefault(JsonElement list) => TolerantJson.GetText(list, "wellknownListName") == "defaultList";
}
