using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OrleansBackup.Microsoft365.Items;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Microsoft365.Paging;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Tasks;

/// <summary>Puts to-do lists and tasks with steps, links and attachments back into one mailbox.</summary>
/// <remarks>
/// Tasks have no hidden properties that can be searched for. What an interrupted attempt left is known by what it is: the same title, status and dates,
/// and made since the attempt began. Everything else is told apart by id alone.
/// </remarks>
public sealed class TaskWriter : IItemTarget
{
    private static readonly string[] Written = ["title", "body", "importance", "status", "categories", "isReminderOn", "reminderDateTime", "startDateTime", "dueDateTime", "completedDateTime"];
    private static readonly string[] OfStep = ["displayName", "isChecked", "checkedDateTime", "createdDateTime"];
    private static readonly string[] OfLink = ["applicationName", "displayName", "externalId", "webUrl"];
    private static readonly string[] Telling = ["title", "status", "dueDateTime", "importance", "body"];

    private readonly ItemRequests _requests;
    private readonly MailWriteOptions _options;
    private readonly ItemFinder _finder;
    private readonly ConcurrentDictionary<string, bool> _made = new(StringComparer.Ordinal);

    /// <param name="userId">Object id of the mailbox's user.</param>
    public TaskWriter(GraphClient client, string userId, MailWriteOptions options)
    {
        ArgumentNullException.ThrowIfNull(client);
        (_requests, _options) = (new ItemRequests(client, userId, GraphPermissions.ReadTasks, GraphPermissions.WriteTasks), options);
        _finder = new ItemFinder(_requests, new ItemWays
        {
            Item = Path, ContainerOf = _ => null, Collection = Collection, Containers = ReadContainersAsync, Query = "", KeysOf = task => [NatureOf(task)], MadeAt = MadeAt,
        }, options.LookUpsBeforeListing);
    }

    public Task<ImmutableArray<ItemContainer>> ReadContainersAsync(CancellationToken cancellation) => TaskReader.ReadListsAsync(_requests, cancellation);

    public async Task<ItemContainer> EnsureContainerAsync(string? parentId, string name, bool isGroup, ReadOnlyMemory<byte> json, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(name);
        name = name.Trim() is { Length: > 0 } given ? given : "Restored tasks";
        for (var attempt = 0; ; attempt++)
        {
            if ((await ReadContainersAsync(cancellation)).FirstOrDefault(list => list.Name == name) is { } there) return there;
            try
            {
                var body = JsonBody.Write(list => list.WriteString("displayName", name));
                var answer = await _requests.Client.SendAsync(_requests.WriteJson(HttpMethod.Post, "todo/lists", RequestSubject.Mailbox, body, isRepeatable: false), cancellation);
                return ItemContainer.Read(answer.Json, "displayName", _ => false, parentId: null)
                    ?? throw new GraphTransientException($"Mailbox '{_requests.UserId}': a list was made and has no id.", "NoId", requestId: null, status: null);
            }
            catch (GraphTransientException) when (attempt == 0)
            {
                // Perhaps made by this very request whose answer was lost: look again.
            }
        }
    }

    public Task<IReadOnlyDictionary<string, ExistingItem>> FindByIdAsync(IReadOnlyList<(string Id, string ContainerId)> items, CancellationToken cancellation) => _finder.ByIdAsync(items, cancellation);

    public async Task RemoveUnfinishedAsync(string containerId, StoredItem item, ItemMarker marker, IReadOnlySet<string> except, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(marker);
        foreach (var left in await SameAsync(containerId, item, marker.Since, mayList: true, cancellation))
            if (!except.Contains(left.Id) && !_made.ContainsKey(left.Id)) await TryDeleteAsync(left, cancellation);
    }

    public async Task<ExistingItem?> FindRestoredAsync(string containerId, StoredItem item, IReadOnlySet<string> except, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(item);
        return (await SameAsync(containerId, item, DateTimeOffset.MinValue, mayList: true, cancellation)).FirstOrDefault(same => !except.Contains(same.Id));
    }

    public async Task<RestoredItem> CreateAsync(string containerId, StoredItem item, ItemMarker marker, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(item);
        using var document = JsonBody.Parse(item.Json);
        for (var attempt = 1; ; attempt++)
        {
            string? id = null;
            try
            {
                var (json, losses) = Compose(document.RootElement);
                var answer = await _requests.Client.SendAsync(_requests.WriteJson(HttpMethod.Post, Collection(containerId), RequestSubject.Folder, json, isRepeatable: false), cancellation);
                using var made = JsonBody.Parse(answer.Json);
                id = TolerantJson.GetText(made.RootElement, "id") ?? throw new GraphTransientException($"Mailbox '{_requests.UserId}': a task was made and has no id.", "NoId", requestId: null, status: null);
                _made[id] = true;
                return new RestoredItem(id, [.. losses, .. await CompleteAsync(containerId, id, document.RootElement, item, cancellation)]);
            }
            catch (GraphTransientException) when (attempt < _options.MaxCreateAttempts)
            {
                await Task.Delay(_requests.Client.Options.FirstBackoff * attempt, _requests.Client.Time, cancellation);
                if (id is not null) await TryDeleteAsync(new ExistingItem(id, containerId), cancellation);
                else await RemoveLostAsync(containerId, item, marker, cancellation);
            }
        }
    }

    public async Task PurgeContainerAsync(string containerId, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(containerId);
        try
        {
            await _requests.Client.SendAsync(_requests.Write(HttpMethod.Delete, _requests.Path($"todo/lists/{ItemRequests.Segment(containerId)}"), RequestSubject.Folder), cancellation);
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
            await _requests.Client.SendAsync(_requests.Write(HttpMethod.Delete, _requests.Path(Path(item.Id, item.ContainerId)), RequestSubject.Item), cancellation);
        }
        catch (ItemGoneException)
        {
            // What was wanted.
        }

        _finder.Forget(item.Id);
        return true;
    }

    private async Task<ImmutableArray<Loss>> CompleteAsync(string containerId, string id, JsonElement root, StoredItem item, CancellationToken cancellation)
    {
        var losses = ImmutableArray.CreateBuilder<Loss>();
        foreach (var (part, names) in new[] { ("checklistItems", OfStep), ("linkedResources", OfLink) })
        {
            if (!root.TryGetProperty(part, out var list) || list.ValueKind != JsonValueKind.Array) continue;
            foreach (var entry in list.EnumerateArray())
            {
                try
                {
                    await _requests.Client.SendAsync(_requests.WriteJson(HttpMethod.Post, $"{Path(id, containerId)}/{part}", RequestSubject.Item,
                        JsonBody.Write(json => JsonBody.Copy(json, entry, names)), isRepeatable: false), cancellation);
                }
                catch (GraphException e) when (e is GraphRefusedException or ItemUnreadableException)
                {
                    losses.Add(new Loss(ItemLossKind.TaskPart, $"The service refused a part of the task ({e.Code}).", TolerantJson.GetText(entry, "displayName")));
                }
            }
        }

        var writer = new AttachmentWriter(_requests.Client, _requests.Attachments($"todo/lists/{ItemRequests.Segment(containerId)}/tasks/", ofTasks: true), _options);
        foreach (var (attachment, _) in item.Attachments) losses.AddRange(await writer.AddAsync(id, attachment, cancellation));
        return losses.ToImmutable();
    }

    private static (byte[] Json, ImmutableArray<Loss> Losses) Compose(JsonElement root)
    {
        var hasDue = root.TryGetProperty("dueDateTime", out var due) && due.ValueKind == JsonValueKind.Object;
        var repeats = root.TryGetProperty("recurrence", out var recurrence) && recurrence.ValueKind == JsonValueKind.Object;
        return (JsonBody.Write(json =>
        {
            JsonBody.Copy(json, root, Written);
            if (repeats && hasDue) JsonBody.Copy(json, root, "recurrence");
        }), repeats && !hasDue ? [new Loss(ItemLossKind.Recurrence, "A repeating task without a due date cannot be made; it is a single one now.")] : []);
    }

    /// <summary>What a request made whose reply was lost: no listing of before has it.</summary>
    private async Task RemoveLostAsync(string containerId, StoredItem item, ItemMarker marker, CancellationToken cancellation)
    {
        foreach (var left in await SameAsync(containerId, item, marker.Since, mayList: false, cancellation))
            if (!_made.ContainsKey(left.Id)) await TryDeleteAsync(left, cancellation);
    }

    private async Task<List<ExistingItem>> SameAsync(string containerId, StoredItem item, DateTimeOffset since, bool mayList, CancellationToken cancellation)
    {
        using var document = JsonBody.Parse(item.Json);
        if (mayList && await _finder.ByKeyAsync(containerId, NatureOf(document.RootElement), cancellation) is { } listed)
            return [.. listed.Where(entry => entry.Made >= since).Select(entry => entry.Item)];
        var title = TolerantJson.GetText(document.RootElement, "title") ?? "";
        var filter = Uri.EscapeDataString($"title eq '{title.Replace("'", "''", StringComparison.Ordinal)}'");
        var found = new List<ExistingItem>();
        await foreach (var page in ListWalk.PagesAsync(_requests.Client, _requests.Read(_requests.Address($"{Collection(containerId)}?$filter={filter}"), RequestSubject.Folder, pageSize: 50), cancellation))
        {
            foreach (var task in page.Items)
            {
                using var there = JsonBody.Parse(task);
                if (TolerantJson.GetText(there.RootElement, "id") is { } id && MadeAt(there.RootElement) >= since && Array.TrueForAll(Telling, name => IsSame(document.RootElement, there.RootElement, name)))
                    found.Add(new ExistingItem(id, containerId));
            }
        }

        return found;
    }

    /// <summary>What <see cref="Telling"/> names of a task, in one form however the service writes it.</summary>
    private static string NatureOf(JsonElement task)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var name in Telling)
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}={(task.TryGetProperty(name, out var value) ? FormOf(value) : "")}\n"));
        return Convert.ToBase64String(hash.GetHashAndReset());
    }

    private static string FormOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => "",
        JsonValueKind.Object => $"{{{string.Join(',', value.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal).Select(property => $"{property.Name}:{FormOf(property.Value)}"))}}}",
        JsonValueKind.Array => $"[{string.Join(',', value.EnumerateArray().Select(FormOf))}]",
        JsonValueKind.String => JsonSerializer.Serialize(TolerantJson.GetText(value)),
        _ => value.GetRawText(),
    };

    private static bool IsSame(JsonElement one, JsonElement other, string name)
    {
        var (hasOne, hasOther) = (one.TryGetProperty(name, out var a) && a.ValueKind != JsonValueKind.Null, other.TryGetProperty(name, out var b) && b.ValueKind != JsonValueKind.Null);
        return hasOne == hasOther && (!hasOne || JsonElement.DeepEquals(a, b));
    }

    private static DateTimeOffset MadeAt(JsonElement task) =>
        DateTimeOffset.TryParse(TolerantJson.GetText(task, "createdDateTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : DateTimeOffset.MinValue;

    private static string Collection(string containerId) => $"todo/lists/{ItemRequests.Segment(containerId)}/tasks";

    private static string Path(string id, string containerId) => $"{Collection(containerId)}/{ItemRequests.Segment(id)}";
}
