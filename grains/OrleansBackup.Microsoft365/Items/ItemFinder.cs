using System.Text.Json;
using OrleansBackup.Microsoft365.Batching;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Microsoft365.Paging;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Items;

/// <summary>Finds events and contacts in the target: by id, and by the hidden properties that a restore leaves on what it makes.</summary>
/// <param name="address">Path of one item below the user, with what tells its container.</param>
/// <param name="containerOf">Reads the container out of the answer; null: unknown.</param>
internal sealed class ItemFinder(ItemRequests requests, Func<string, string, string> address, Func<JsonElement, string?> containerOf)
{
    public async Task<IReadOnlyDictionary<string, ExistingItem>> ByIdAsync(IReadOnlyList<(string Id, string ContainerId)> items, CancellationToken cancellation)
    {
        var parts = items.Select(item => new BatchPart("/" + requests.Path(address(item.Id, item.ContainerId)), MailboxRequests.ImmutableIds)).ToList();
        var answers = await new BatchSender(requests.Client).SendAsync(parts, requests.UserId, RequestSubject.Item, cancellation);
        var found = new Dictionary<string, ExistingItem>(StringComparer.Ordinal);
        for (var i = 0; i < items.Count; i++)
        {
            var (id, container) = items[i];
            if (answers[i].Failure is not { } failure)
            {
                found[id] = new ExistingItem(id, containerOf(answers[i].Body) ?? container);
                continue;
            }

            var meaning = FailureMeaning.Of(failure, RequestSubject.Item);
            if (meaning is Meaning.ItemGone or Meaning.FolderGone || failure.Has("ErrorInvalidIdMalformed", "ErrorInvalidMailboxItemId")) continue;
            if (meaning is Meaning.ItemUnreadable or Meaning.ServerError) found[id] = new ExistingItem(id, container); // there, though it cannot be read
            else throw requests.Client.Translate(failure, meaning, requests.Read(requests.Address(address(id, container)), RequestSubject.Item));
        }

        return found;
    }

    /// <param name="collection">Path of the items of one container below the user.</param>
    public async Task<ExistingItem?> ByPropertyAsync(string collection, string containerId, string property, string value, IReadOnlySet<string> except, CancellationToken cancellation)
    {
        var filter = $"singleValueExtendedProperties/any(ep:ep/id eq '{property}' and ep/value eq '{value.Replace("'", "''", StringComparison.Ordinal)}')";
        var first = requests.Read(requests.Address($"{collection}?$filter={Uri.EscapeDataString(filter)}&$select=id"), RequestSubject.Folder, pageSize: 50);
        await foreach (var page in ListWalk.PagesAsync(requests.Client, first, cancellation))
        {
            foreach (var item in page.Items)
            {
                using var document = JsonDocument.Parse(item);
                if (TolerantJson.GetText(document.RootElement, "id") is { } id && !except.Contains(id)) return new ExistingItem(id, containerId);
            }
        }

        return null;
    }
}
