using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OrleansBackup.Microsoft365.Items;
using OrleansBackup.Microsoft365.Paging;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Exports;

/// <summary>What lies in a calendar, contact folder or task list, by what it is: an imported item has a new id and no marker, and is known by its own nature.</summary>
public sealed class ContainerIndex
{
    private const int PageSize = 500;

    private readonly ILookup<string, Entry> _entries;
    private readonly ContainedKind _kind;

    private ContainerIndex(ContainedKind kind, IEnumerable<Entry> entries) => (_kind, _entries) = (kind, entries.ToLookup(entry => entry.Nature, StringComparer.Ordinal));

    /// <exception cref="FolderGoneException">There is no such container.</exception>
    public static async Task<ContainerIndex> ReadAsync(GraphClient client, string userId, ContainedKind kind, string containerId, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(kind);
        var requests = new ItemRequests(client, userId, kind.Readers, kind.Readers);
        var entries = new List<Entry>();
        var address = requests.Address($"{kind.Collection}/{ItemRequests.Segment(containerId)}/{kind.Items}{kind.Query}");
        await foreach (var page in ListWalk.PagesAsync(client, requests.Read(address, RequestSubject.Folder, PageSize), cancellation))
        {
            foreach (var item in page.Items)
            {
                using var document = JsonDocument.Parse(item, new JsonDocumentOptions { MaxDepth = 128 });
                if (TolerantJson.GetText(document.RootElement, "id") is { Length: > 0 } id)
                    entries.Add(new Entry(Nature(kind, document.RootElement), id,
                        DateTimeOffset.TryParse(TolerantJson.GetText(document.RootElement, "lastModifiedDateTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null));
            }
        }

        return new ContainerIndex(kind, entries);
    }

    /// <summary>An item there that is of the same nature; null: none.</summary>
    /// <param name="json">The item as Graph gave it once.</param>
    /// <param name="since">Only what was written since then; null: whenever.</param>
    /// <param name="except">Ids that do not count.</param>
    public string? Find(ReadOnlyMemory<byte> json, DateTimeOffset? since, IReadOnlySet<string> except)
    {
        ArgumentNullException.ThrowIfNull(except);
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 128 });
        return _entries[Nature(_kind, document.RootElement)].FirstOrDefault(entry => !except.Contains(entry.Id) && (since is null || entry.Written >= since))?.Id;
    }

    private static string Nature(ContainedKind kind, JsonElement item)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var name in kind.Telling)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            hash.AppendData("="u8);
            if (item.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null) hash.AppendData(JsonMarshal.GetRawUtf8Value(value));
            hash.AppendData("\n"u8);
        }

        return Convert.ToBase64String(hash.GetHashAndReset());
    }

    private sealed record Entry(string Nature, string Id, DateTimeOffset? Written);
}

/// <summary>How one kind of item is listed, and what of it tells it from others.</summary>
public sealed record ContainedKind
{
    private ContainedKind(string collection, string items, ImmutableArray<string> telling, ImmutableArray<string> readers, bool canSelect) =>
        (Collection, Items, Telling, Readers, Query) = (collection, items, telling, readers, canSelect ? $"?$select=id,lastModifiedDateTime,{string.Join(',', telling)}" : "");

    public static ContainedKind Events { get; } = new("calendars", "events", ["iCalUId", "subject"], GraphPermissions.ReadCalendars, canSelect: true);

    public static ContainedKind Contacts { get; } = new("contactFolders", "contacts",
        ["displayName", "givenName", "surname", "fileAs", "companyName", "emailAddresses", "businessPhones", "mobilePhone", "personalNotes"], GraphPermissions.ReadContacts, canSelect: true);

    public static ContainedKind Tasks { get; } = new("todo/lists", "tasks", ["title", "status", "importance", "dueDateTime", "body"], GraphPermissions.ReadTasks, canSelect: false);

    internal string Collection { get; }

    internal string Items { get; }

    internal string Query { get; }

    internal ImmutableArray<string> Telling { get; }

    internal ImmutableArray<string> Readers { get; }
}
