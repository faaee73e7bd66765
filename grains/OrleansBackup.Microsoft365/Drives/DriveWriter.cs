using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Drives;

/// <summary>What to do when the name is taken in the folder.</summary>
public enum NameConflict
{
    /// <summary>Refuse: <see cref="GraphRefusedException"/> with 409.</summary>
    Fail,

    /// <summary>A number is put behind the name.</summary>
    Rename,

    /// <summary>New bytes for the item that has the name, whose old bytes become a version of it.</summary>
    Replace,
}

/// <summary>A file to put into a drive.</summary>
/// <param name="Open">Opens the bytes from their start; called again when an upload has to begin anew.</param>
public sealed record FileToWrite(string Name, long Length, DateTimeOffset? Created, DateTimeOffset? Modified, Func<CancellationToken, Task<Stream>> Open);

/// <summary>Puts folders, files and permissions into one drive. Never sends an invitation to anybody.</summary>
public sealed class DriveWriter
{
    private const int PermissionUnits = 5;

    private readonly GraphClient _client;
    private readonly DriveRequests _requests;
    private readonly DriveWriteOptions _options;

    public DriveWriter(GraphClient client, string driveId, DriveWriteOptions options)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrEmpty(driveId);
        ArgumentNullException.ThrowIfNull(options);
        (_client, _requests, _options) = (client, new DriveRequests(client, driveId), options);
    }

    public string DriveId => _requests.DriveId;

    /// <summary>The item of that name in the folder, in any case of its letters; null when there is none.</summary>
    public async Task<DriveItem?> FindChildAsync(string parentId, string name, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        try
        {
            var address = _client.Address($"{_requests.ChildPath(parentId, name)}?$select={DriveItem.Select}");
            return DriveItem.Read((await _client.SendAsync(_requests.Read(address, RequestSubject.DriveItem), cancellation)).Json);
        }
        catch (ItemGoneException)
        {
            return null;
        }
    }

    /// <summary>The folder of that name, made if there is none. Safe to call twice.</summary>
    /// <exception cref="GraphRefusedException">A file has the name (409), or the service does not take it (400).</exception>
    /// <exception cref="ItemGoneException">There is no such parent.</exception>
    public async Task<DriveItem> EnsureFolderAsync(string parentId, string name, CancellationToken cancellation)
    {
        for (var attempt = 0; ; attempt++)
        {
            if (await FindChildAsync(parentId, name, cancellation) is { Kind: DriveItemKind.Folder or DriveItemKind.Package } found) return found;
            try
            {
                return await CreateFolderAsync(parentId, name, cancellation);
            }
            catch (GraphRefusedException e) when (e.Status == 409 && attempt == 0)
            {
                // Somebody was faster, or the answer to our own request was lost.
            }
        }
    }

    /// <summary>Puts a file into a folder, with its dates.</summary>
    /// <exception cref="GraphRefusedException">The name is taken (409), locked (423), or not taken by the service (400).</exception>
    public Task<DriveItem> CreateAsync(string parentId, FileToWrite file, NameConflict conflict, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        return WriteAsync(_requests.ChildPath(parentId, file.Name) + ":", file, conflict, cancellation);
    }

    /// <summary>New bytes and dates for an item that is there.</summary>
    public Task<DriveItem> ReplaceAsync(string itemId, FileToWrite file, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        return WriteAsync(_requests.ItemPath(itemId), file, NameConflict.Replace, cancellation);
    }

    /// <summary>Moves, renames or dates an item; null leaves that as it is.</summary>
    public async Task<DriveItem> ChangeAsync(string itemId, string? parentId, string? name, DateTimeOffset? created, DateTimeOffset? modified, CancellationToken cancellation)
    {
        var body = Compose(json =>
        {
            if (name is not null) json.WriteString("name", name);
            if (parentId is not null)
            {
                json.WriteStartObject("parentReference");
                json.WriteString("id", parentId);
                json.WriteEndObject();
            }

            WriteDates(json, created, modified);
        });
        return Read(await _client.SendAsync(_requests.Write(HttpMethod.Patch, _requests.ItemPath(itemId), body), cancellation));
    }

    /// <summary>Into the recycle bin; one that is gone already is fine.</summary>
    public async Task DeleteAsync(string itemId, CancellationToken cancellation)
    {
        try
        {
            await _client.SendAsync(_requests.Write(HttpMethod.Delete, _requests.ItemPath(itemId)), cancellation);
        }
        catch (ItemGoneException)
        {
            // What was wanted.
        }
    }

    /// <summary>Away with all that lies in it, past the recycle bin where the service lets it: a policy that retains files sends them there.</summary>
    public async Task PurgeAsync(string itemId, CancellationToken cancellation)
    {
        try
        {
            await _client.SendAsync(_requests.Write(HttpMethod.Post, $"{_requests.ItemPath(itemId)}/permanentDelete"), cancellation);
        }
        catch (ItemGoneException)
        {
            // What was wanted.
        }
        catch (GraphRefusedException)
        {
            await DeleteAsync(itemId, cancellation);
        }
    }

    /// <summary>Gives again what an entry gave, without a message to anybody.</summary>
    /// <returns>What did not come back, or came back otherwise; empty: nothing.</returns>
    public async Task<ImmutableArray<Loss>> GrantAsync(string itemId, SharingEntry entry, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (!entry.IsOwn) return [];
        switch (entry.Kind)
        {
            case SharingKind.Recipient:
                return await InviteAsync(itemId, entry, cancellation);
            case SharingKind.LinkForRecipients when entry.Recipients.Length > 0:
                return [.. await InviteAsync(itemId, entry, cancellation), new Loss(DriveLossKind.LinkAddress, "A link for certain people is a permission of theirs now; the old address does not open.", "users")];
            case SharingKind.Link:
                return await LinkAsync(itemId, entry, cancellation);
            default:
                return [new Loss(DriveLossKind.Permission, $"A permission of '{NameOf(entry)}' cannot be given through Microsoft Graph.", NameOf(entry))];
        }
    }

    internal static string NameOf(SharingEntry entry) => entry.Recipients is [var first, ..] ? first.Name ?? first.Email ?? first.ObjectId ?? "?" : entry.LinkScope ?? "?";

    private async Task<ImmutableArray<Loss>> InviteAsync(string itemId, SharingEntry entry, CancellationToken cancellation)
    {
        var losses = ImmutableArray.CreateBuilder<Loss>();
        foreach (var recipient in entry.Recipients)
        {
            // One at a time: somebody unknown must not keep the others out. By address where there is one: an id of another tenant names nobody.
            var body = Compose(json =>
            {
                json.WriteBoolean("requireSignIn", true);
                json.WriteBoolean("sendInvitation", false);
                json.WriteStartArray("roles");
                json.WriteStringValue(entry.Role);
                json.WriteEndArray();
                json.WriteStartArray("recipients");
                json.WriteStartObject();
                if (recipient.ObjectId is { } id) json.WriteString("objectId", id);
                else json.WriteString("email", recipient.Email);
                json.WriteEndObject();
                json.WriteEndArray();
                if (entry.Expires is { } expires) json.WriteString("expirationDateTime", expires);
            });
            try
            {
                await _client.SendAsync(_requests.Write(HttpMethod.Post, $"{_requests.ItemPath(itemId)}/invite", body, PermissionUnits), cancellation);
            }
            catch (GraphRefusedException e)
            {
                var who = recipient.Name ?? recipient.Email ?? recipient.ObjectId ?? "?";
                losses.Add(new Loss(DriveLossKind.Permission, $"The service did not take a permission for '{who}' ({e.Code}).", who));
            }
        }

        return losses.ToImmutable();
    }

    private async Task<ImmutableArray<Loss>> LinkAsync(string itemId, SharingEntry entry, CancellationToken cancellation)
    {
        var body = Compose(json =>
        {
            json.WriteString("type", entry.LinkType ?? "view");
            if (entry.LinkScope is { } scope) json.WriteString("scope", scope);
            if (entry.Expires is { } expires) json.WriteString("expirationDateTime", expires);
        });
        try
        {
            await _client.SendAsync(_requests.Write(HttpMethod.Post, $"{_requests.ItemPath(itemId)}/createLink", body, PermissionUnits), cancellation);
        }
        catch (GraphRefusedException e)
        {
            return [new Loss(DriveLossKind.Permission, $"The service did not make a link for '{entry.LinkScope}' ({e.Code}).", entry.LinkScope)];
        }

        var moved = new Loss(DriveLossKind.LinkAddress, "A sharing link was made again; its address is a new one.", entry.LinkScope);
        return entry.HasPassword ? [moved, new Loss(DriveLossKind.LinkPassword, "The password of a sharing link is not known to anybody; the new link has none.", entry.LinkScope)] : [moved];
    }

    private async Task<DriveItem> CreateFolderAsync(string parentId, string name, CancellationToken cancellation)
    {
        var body = Compose(json =>
        {
            json.WriteString("name", name);
            json.WriteStartObject("folder");
            json.WriteEndObject();
            json.WriteString("@microsoft.graph.conflictBehavior", "fail");
        });
        return Read(await _client.SendAsync(_requests.Write(HttpMethod.Post, $"{_requests.ItemPath(parentId)}/children", body), cancellation));
    }

    private async Task<DriveItem> WriteAsync(string path, FileToWrite file, NameConflict conflict, CancellationToken cancellation) => file.Length == 0
        ? await WriteEmptyAsync(path, file, conflict, cancellation)
        : await new FileUpload(_client, _requests, _options).SendAsync($"{path}/createUploadSession", file, Word(conflict), cancellation);

    /// <summary>An upload session cannot carry nothing: the simple way, and the dates afterwards.</summary>
    private async Task<DriveItem> WriteEmptyAsync(string path, FileToWrite file, NameConflict conflict, CancellationToken cancellation)
    {
        var request = _requests.Write(HttpMethod.Put, $"{path}/content?@microsoft.graph.conflictBehavior={Word(conflict)}") with
        {
            Body = () => new ByteArrayContent([]),
            IsRepeatable = conflict != NameConflict.Rename, // twice would be two files
        };
        var item = Read(await _client.SendAsync(request, cancellation));
        return await ChangeAsync(item.Id, parentId: null, name: null, file.Created, file.Modified, cancellation);
    }

    internal static byte[] Compose(Action<Utf8JsonWriter> write)
    {
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    internal static void WriteDates(Utf8JsonWriter json, DateTimeOffset? created, DateTimeOffset? modified)
    {
        if (created is null && modified is null) return;
        json.WriteStartObject("fileSystemInfo");
        if (created is { } made) json.WriteString("createdDateTime", Time(made));
        if (modified is { } saved) json.WriteString("lastModifiedDateTime", Time(saved));
        json.WriteEndObject();
    }

    internal static DriveItem Read(GraphResponse answer) =>
        (answer.Json.IsEmpty ? null : DriveItem.Read(answer.Json)) ?? throw new GraphTransientException("An item that was written came back without an id.", "NoId", requestId: null, answer.Status);

    private static string Word(NameConflict conflict) => conflict switch { NameConflict.Rename => "rename", NameConflict.Replace => "replace", _ => "fail" };

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture);
}
