using System.Text.Json;
using OrleansBackup.Microsoft365.Batching;
using OrleansBackup.Microsoft365.Paging;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Drives;

/// <summary>Reads one drive, a OneDrive or a library: its changes, the bytes of its files, who may see what.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class DriveReader
{
    private const int PermissionUnits = 5;

    private readonly GraphClient _client;
    private readonly DriveRequests _requests;
    private readonly DriveReadOptions _options;

    public DriveReader(GraphClient client, string driveId, DriveReadOptions options)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrEmpty(driveId);
        ArgumentNullException.ThrowIfNull(options);
        (_client, _requests, _options) = (client, new DriveRequests(client, driveId), options);
    }

    public string DriveId => _requests.DriveId;

    /// <summary>The OneDrive that a user has now; its id changes when it is made anew.</summary>
    /// <exception cref="DriveUnavailableException">There is none, or it is closed.</exception>
    public static async Task<GraphDrive> FindOfUserAsync(GraphClient client, string userId, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(client);
        var answer = await client.SendAsync(new GraphRequest
        {
            Method = HttpMethod.Get, Address = client.Address($"users/{Uri.EscapeDataString(userId)}/drive?$select={GraphDrive.Select}"), Subject = RequestSubject.Drive,
            Mailbox = DriveRequests.Load(userId), AnyPermission = GraphPermissions.ReadFiles,
        }, cancellation);
        using var document = JsonDocument.Parse(answer.Json);
        return GraphDrive.Read(document.RootElement) ?? throw new DriveUnavailableException(DriveProblem.NoDrive, $"User '{userId}' has no drive.", "NoDriveId", requestId: null);
    }

    /// <summary>The libraries of a site.</summary>
    public static async Task<IReadOnlyList<GraphDrive>> ListOfSiteAsync(GraphClient client, string siteId, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(client);
        var drives = new List<GraphDrive>();
        var first = new GraphRequest
        {
            Method = HttpMethod.Get, Address = client.Address($"sites/{Uri.EscapeDataString(siteId)}/drives?$select={GraphDrive.Select}"), Subject = RequestSubject.Drive,
            Mailbox = DriveRequests.Load(siteId), Units = 2, AnyPermission = GraphPermissions.ReadFiles,
        };
        await foreach (var page in ListWalk.PagesAsync(client, first, cancellation))
        {
            foreach (var item in page.Items)
            {
                using var document = JsonDocument.Parse(item);
                if (GraphDrive.Read(document.RootElement) is { } drive) drives.Add(drive);
            }
        }

        return drives;
    }

    /// <summary>What changed since a link, or everything when there is none. Always comes to an end, and always with a link for the next round or an empty one.</summary>
    /// <exception cref="DriveUnavailableException">The drive is gone or closed.</exception>
    public IAsyncEnumerable<DrivePage> ReadChangesAsync(string? link, CancellationToken cancellation) => new DriveRound(_client, _requests, _options).PagesAsync(link, cancellation);

    /// <summary>Every item by listings of folders, which know nothing of tokens: to compare with.</summary>
    public async IAsyncEnumerable<DriveItem> ListAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var items in new DriveRound(_client, _requests, _options).FoldersAsync(cancellation))
            foreach (var item in items) yield return item;
    }

    /// <summary>What lies directly in a folder now.</summary>
    /// <exception cref="ItemGoneException">There is no such folder.</exception>
    public async IAsyncEnumerable<DriveItem> ListChildrenAsync(string folderId, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var first = _requests.Read(_requests.Children(folderId, _options.PageSize), RequestSubject.DriveItem, units: 2);
        await foreach (var page in ListWalk.PagesAsync(_client, first, cancellation))
            foreach (var raw in page.Items)
                if (DriveItem.Read(raw) is { } item) yield return item;
    }

    /// <summary>One item as it is now; null when it is gone. The id <c>root</c> is that of the top.</summary>
    public async Task<DriveItem?> TryReadAsync(string itemId, CancellationToken cancellation)
    {
        try
        {
            return DriveItem.Read((await _client.SendAsync(_requests.Read(_requests.Item(itemId), RequestSubject.DriveItem), cancellation)).Json);
        }
        catch (ItemGoneException)
        {
            return null;
        }
    }

    /// <summary>The bytes of a file, as they come; goes on by itself after broken connections and expired addresses.</summary>
    /// <remarks>Nothing is asked before the first read. Reading throws <see cref="FileChangedException"/> when the file is saved again meanwhile,
    /// <see cref="ItemUnreadableException"/> when the service does not hand it out, and <see cref="ItemGoneException"/> when it is gone.</remarks>
    /// <param name="file">As it is listed now; its first bytes are of this very version if <paramref name="from"/> is not 0, as far as its eTag tells.</param>
    /// <param name="from">Where to begin: what an earlier download has brought.</param>
    public Stream Open(DriveItem file, long from = 0)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        return new ResumingDownload(_client, _requests, _options, file, from);
    }

    /// <summary>Who may see items, as the service tells it: the JSON of the answer by id. What is gone or cannot be read is left out.</summary>
    public async Task<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> ReadPermissionsAsync(IReadOnlyList<string> itemIds, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(itemIds);
        var parts = itemIds.Select(id => new BatchPart($"/{_requests.ItemPath(id)}/permissions", Prefer: null)).ToList();
        var answers = await new BatchSender(_client).SendAsync(parts, DriveRequests.Load(DriveId), RequestSubject.DriveItem, cancellation, PermissionUnits);
        var found = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        for (var i = 0; i < answers.Count; i++)
        {
            if (answers[i].Failure is null && answers[i].Body.ValueKind == JsonValueKind.Object)
                found[itemIds[i]] = System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(answers[i].Body).ToArray();
        }

        return found;
    }
}
