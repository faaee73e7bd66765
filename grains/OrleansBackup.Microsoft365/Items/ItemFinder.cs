using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using OrleansBackup.Microsoft365.Batching;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Microsoft365.Paging;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Items;

/// <summary>Finds items in the target of a restore: by id, and by what tells an item from others. A few are asked for one by one; for many, containers are listed once.</summary>
/// <remarks>
/// The service counts every part of a batch against the mailbox, so asking for each of many items takes the mailbox's requests of ten minutes from what is to be
/// made. For one attempt of one job, which makes what it makes after it has looked and leaves that out by itself; one caller at a time but for <see cref="Forget"/>.
/// </remarks>
/// <param name="ways">How items of the kind are asked for.</param>
/// <param name="lookUpsBeforeListing">Items that are asked for singly before containers are listed.</param>
internal sealed class ItemFinder(ItemRequests requests, ItemWays ways, int lookUpsBeforeListing)
{
    private const int PageSize = 500;

    private readonly Dictionary<string, ContainerListing?> _listings = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _gone = new(StringComparer.Ordinal);
    private Dictionary<string, ExistingItem>? _byId;
    private int _askedFor;
    private bool _cannotListAll;

    /// <summary>The item was deleted: a listing of before still has it.</summary>
    public void Forget(string itemId) => _gone[itemId] = true;

    public async Task<IReadOnlyDictionary<string, ExistingItem>> ByIdAsync(IReadOnlyList<(string Id, string ContainerId)> items, CancellationToken cancellation)
    {
        _askedFor += items.Count;
        if (_askedFor <= lookUpsBeforeListing || await ListAllAsync(cancellation) is not { } all) return await AskAsync(items, cancellation);
        var found = new Dictionary<string, ExistingItem>(StringComparer.Ordinal);
        foreach (var (id, _) in items)
            if (all.TryGetValue(id, out var there) && !_gone.ContainsKey(id)) found[id] = there;
        return found;
    }

    /// <summary>The items of a container with a key of <see cref="ItemWays.KeysOf"/>, by a listing of it.</summary>
    /// <returns>Null: ask for the one item, since they are few yet or the container cannot be listed.</returns>
    public async Task<IReadOnlyList<(ExistingItem Item, DateTimeOffset Made)>?> ByKeyAsync(string containerId, string key, CancellationToken cancellation)
    {
        if (++_askedFor <= lookUpsBeforeListing || await ListAsync(containerId, cancellation) is not { } listing) return null;
        return [.. listing.ByKey[key].Where(entry => !_gone.ContainsKey(entry.Id)).Select(entry => (new ExistingItem(entry.Id, containerId), entry.Made))];
    }

    /// <param name="except">Ids that do not count.</param>
    public async Task<ImmutableArray<ExistingItem>> ByPropertyAsync(string containerId, string property, string value, IReadOnlySet<string> except, CancellationToken cancellation) =>
        await ByKeyAsync(containerId, KeyOf(property, value), cancellation) is { } listed
            ? [.. listed.Select(entry => entry.Item).Where(item => !except.Contains(item.Id))]
            : await AskAsync(containerId, property, value, except, cancellation);

    /// <summary>As it is now, not as it was listed: after a request whose reply was lost.</summary>
    /// <inheritdoc cref="ByPropertyAsync"/>
    public async Task<ImmutableArray<ExistingItem>> AskAsync(string containerId, string property, string value, IReadOnlySet<string> except, CancellationToken cancellation)
    {
        var filter = $"singleValueExtendedProperties/any(ep:ep/id eq '{property}' and ep/value eq '{value.Replace("'", "''", StringComparison.Ordinal)}')";
        var first = requests.Read(requests.Address($"{ways.Collection(containerId)}?$filter={Uri.EscapeDataString(filter)}&$select=id"), RequestSubject.Folder, pageSize: 50);
        var found = ImmutableArray.CreateBuilder<ExistingItem>();
        await foreach (var page in ListWalk.PagesAsync(requests.Client, first, cancellation))
        {
            foreach (var item in page.Items)
            {
                using var document = JsonDocument.Parse(item);
                if (TolerantJson.GetText(document.RootElement, "id") is { } id && !except.Contains(id)) found.Add(new ExistingItem(id, containerId));
            }
        }

        return found.ToImmutable();
    }

    /// <summary>The key under which an extended property of an item stands in a listing.</summary>
    public static string KeyOf(string property, string value) => $"{property}={value}";

    private async Task<IReadOnlyDictionary<string, ExistingItem>> AskAsync(IReadOnlyList<(string Id, string ContainerId)> items, CancellationToken cancellation)
    {
        var parts = items.Select(item => new BatchPart("/" + requests.Path(ways.Item(item.Id, item.ContainerId)), MailboxRequests.ImmutableIds)).ToList();
        var answers = await new BatchSender(requests.Client).SendAsync(parts, requests.UserId, RequestSubject.Item, cancellation);
        var found = new Dictionary<string, ExistingItem>(StringComparer.Ordinal);
        for (var i = 0; i < items.Count; i++)
        {
            var (id, container) = items[i];
            if (answers[i].Failure is not { } failure)
            {
                found[id] = new ExistingItem(id, ways.ContainerOf(answers[i].Body) ?? container);
                continue;
            }

            var meaning = FailureMeaning.Of(failure, RequestSubject.Item);
            if (meaning is Meaning.ItemGone or Meaning.FolderGone || failure.Has("ErrorInvalidIdMalformed", "ErrorInvalidMailboxItemId")) continue;
            if (meaning is Meaning.ItemUnreadable or Meaning.ServerError) found[id] = new ExistingItem(id, container); // there, though it cannot be read
            else throw requests.Client.Translate(failure, meaning, requests.Read(requests.Address(ways.Item(id, container)), RequestSubject.Item));
        }

        return found;
    }

    /// <returns>Null: some container cannot be listed, so that what is in no listing may be there all the same.</returns>
    private async Task<Dictionary<string, ExistingItem>?> ListAllAsync(CancellationToken cancellation)
    {
        if (_byId is not null || _cannotListAll) return _byId;
        var all = new Dictionary<string, ExistingItem>(StringComparer.Ordinal);
        foreach (var container in await ways.Containers(cancellation))
        {
            if (container.IsGroup) continue;
            if (await ListAsync(container.Id, cancellation) is not { } listing)
            {
                _cannotListAll = true;
                return null;
            }

            foreach (var id in listing.Ids) all[id] = new ExistingItem(id, container.Id);
        }

        return _byId = all;
    }

    private async Task<ContainerListing?> ListAsync(string containerId, CancellationToken cancellation)
    {
        if (_listings.TryGetValue(containerId, out var known)) return known;
        var entries = new List<(string Key, string Id, DateTimeOffset Made)>();
        var ids = new List<string>();
        try
        {
            var first = requests.Read(requests.Address(ways.Collection(containerId) + ways.Query), RequestSubject.Folder, PageSize) with { MaxServerErrorAttempts = 2 };
            await foreach (var page in ListWalk.PagesAsync(requests.Client, first, cancellation))
            {
                foreach (var item in page.Items)
                {
                    using var document = JsonDocument.Parse(item, new JsonDocumentOptions { MaxDepth = 128 });
                    if (TolerantJson.GetText(document.RootElement, "id") is not { Length: > 0 } id) continue;
                    ids.Add(id);
                    entries.AddRange(ways.KeysOf(document.RootElement).Select(key => (key, id, ways.MadeAt(document.RootElement))));
                }
            }
        }
        catch (GraphException e) when (e is GraphTransientException or ItemUnreadableException or GraphRefusedException or FolderGoneException)
        {
            return _listings[containerId] = null; // one item that cannot be shown takes its page with it: they are asked for one by one
        }

        return _listings[containerId] = new ContainerListing([.. ids], entries.ToLookup(entry => entry.Key, entry => (entry.Id, entry.Made), StringComparer.Ordinal));
    }

    private sealed record ContainerListing(ImmutableArray<string> Ids, ILookup<string, (string Id, DateTimeOffset Made)> ByKey);
}

/// <summary>How items of a kind are asked for.</summary>
internal sealed record ItemWays
{
    /// <summary>Path of one item below the user, by its id and that of its container, with what tells its container.</summary>
    public required Func<string, string, string> Item { get; init; }

    /// <summary>Reads the container out of the answer about one item; null: unknown.</summary>
    public required Func<JsonElement, string?> ContainerOf { get; init; }

    /// <summary>Path of the items of a container below the user.</summary>
    public required Func<string, string> Collection { get; init; }

    public required Func<CancellationToken, Task<ImmutableArray<ItemContainer>>> Containers { get; init; }

    /// <summary>What a listing asks for behind its path.</summary>
    public string Query { get; init; } = $"?$select=id&$expand=singleValueExtendedProperties($filter={Uri.EscapeDataString($"id eq '{ExtendedProperties.RestoreMarker}' or id eq '{ExtendedProperties.RestoredFrom}'")})";

    /// <summary>What tells a listed item from others.</summary>
    public Func<JsonElement, IEnumerable<string>> KeysOf { get; init; } = Properties;

    public Func<JsonElement, DateTimeOffset> MadeAt { get; init; } = _ => DateTimeOffset.MinValue;

    private static IEnumerable<string> Properties(JsonElement item)
    {
        if (!item.TryGetProperty("singleValueExtendedProperties", out var properties) || properties.ValueKind != JsonValueKind.Array) yield break;
        foreach (var property in properties.EnumerateArray())
            if (TolerantJson.GetText(property, "id") is { } id && TolerantJson.GetText(property, "value") is { } value) yield return ItemFinder.KeyOf(id, value);
    }
}
