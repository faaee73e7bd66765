using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Mail;

/// <summary>Puts folders and messages back into one mailbox, as they were as far as the service allows, and says what it did not allow.</summary>
/// <remarks>A message is created in one piece for the reader: if its attachments fail half-way it is deleted again before the error is thrown.</remarks>
public sealed partial class MailboxWriter
{
    private readonly GraphClient _client;
    private readonly MailboxRequests _requests;
    private readonly MailWriteOptions _options;

    public MailboxWriter(GraphClient client, string userId, MailWriteOptions options)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrEmpty(userId);
        ArgumentNullException.ThrowIfNull(options);
        (_client, _requests, _options) = (client, new MailboxRequests(client, userId), options);
    }

    /// <summary>The folder of that name below the parent, made if there is none. Safe to call twice and from several places.</summary>
    /// <param name="parentId">A folder's id or well-known name; <c>msgfolderroot</c> is the top.</param>
    /// <param name="displayName">Compared exactly. One that the service does not create (empty, too long) is made acceptable; the result tells.</param>
    /// <param name="hidden">Counts only if the folder is made: it cannot be changed later.</param>
    /// <exception cref="FolderGoneException">There is no such parent.</exception>
    public Task<MailFolder> EnsureFolderAsync(string parentId, string displayName, bool hidden, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(displayName);
        return new FolderWriter(_client, _requests).EnsureAsync(parentId, displayName, hidden, cancellation);
    }

    /// <summary>Which of these messages are still in the mailbox, by id. Deleted ones may be found in the recoverable items: look at the folder.</summary>
    public Task<IReadOnlyDictionary<string, ExistingMessage>> FindByIdAsync(IReadOnlyList<string> ids, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return new ExistingMessages(_client, _requests).ByIdAsync(ids, cancellation);
    }

    /// <summary>The message that an earlier attempt created in the folder under this marker; null when there is none.</summary>
    /// <remarks>One that lacks attachments, because its writer was killed half-way, is deleted and not found: it has to be created again.</remarks>
    public async Task<ExistingMessage?> FindByMarkerAsync(string folderId, string marker, CancellationToken cancellation)
    {
        var existing = new ExistingMessages(_client, _requests);
        while (await existing.ByMarkerAsync(folderId, marker, cancellation) is { } found)
        {
            try
            {
                if (await existing.IsWholeAsync(found.Id, cancellation)) return found;
            }
            catch (ItemGoneException)
            {
                return null;
            }

            await DeleteAsync(found.Id, cancellation);
        }

        return null;
    }

    /// <summary>A message in the folder with the same internet message id and, where given, the same received time to the second.</summary>
    public Task<ExistingMessage?> FindSameAsync(string folderId, string internetMessageId, DateTimeOffset? received, CancellationToken cancellation) =>
        FindSameAsync(folderId, internetMessageId, received, ImmutableHashSet<string>.Empty, cancellation);

    /// <inheritdoc cref="FindSameAsync(string, string, DateTimeOffset?, CancellationToken)"/>
    /// <param name="except">Ids that do not count.</param>
    public Task<ExistingMessage?> FindSameAsync(
        string folderId, string internetMessageId, DateTimeOffset? received, IReadOnlySet<string> except, CancellationToken cancellation) =>
        new ExistingMessages(_client, _requests).SameAsync(folderId, internetMessageId, received, except, cancellation);

    /// <summary>The same as <see cref="FindSameAsync(string, string, DateTimeOffset?, IReadOnlySet{string}, CancellationToken)"/>, written since then: how an import is
    /// recognised, which leaves no marker.</summary>
    public Task<ExistingMessage?> FindMadeSinceAsync(
        string folderId, string internetMessageId, DateTimeOffset? received, DateTimeOffset since, IReadOnlySet<string> except, CancellationToken cancellation) =>
        new ExistingMessages(_client, _requests).SameAsync(folderId, internetMessageId, received, except, cancellation, since);

    /// <summary>A message in the folder that an earlier restore made of this item (<see cref="StoredMessage.Origin"/>).</summary>
    /// <param name="except">Ids that do not count.</param>
    public Task<ExistingMessage?> FindRestoredAsync(string folderId, string origin, IReadOnlySet<string> except, CancellationToken cancellation) =>
        new ExistingMessages(_client, _requests).ByOriginAsync(folderId, origin, except, cancellation);

    /// <summary>Creates the message with everything that the service lets be set.</summary>
    /// <param name="marker">Names this restore of this item; kept on the message, so that <see cref="FindByMarkerAsync"/> finds it again.</param>
    /// <returns>The new message, whole, and what it lost.</returns>
    /// <exception cref="GraphException">Nothing of it is left in the mailbox, unless the deletion failed too; the marker finds it then.</exception>
    public async Task<RestoredMessage> CreateAsync(string folderId, StoredMessage message, string marker, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentException.ThrowIfNullOrEmpty(marker);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (attempt > 1) await RemoveMarkedAsync(folderId, marker, cancellation);
                return await CreateOnceAsync(folderId, message, marker, cancellation);
            }
            catch (GraphTransientException) when (attempt < _options.MaxCreateAttempts)
            {
                // Begun anew, after a while: it is not known how much of the message was written.
                await Task.Delay(_client.Options.FirstBackoff * attempt, _client.Time, cancellation);
            }
        }
    }

    /// <summary>Deletes a message into the recoverable items; one that is gone already is fine.</summary>
    public async Task DeleteAsync(string id, CancellationToken cancellation)
    {
        try
        {
            await _client.SendAsync(_requests.Write(HttpMethod.Delete, _requests.MessagePath(id), RequestSubject.Item), cancellation);
        }
        catch (ItemGoneException)
        {
            // What was wanted.
        }
    }

    private async Task<RestoredMessage> CreateOnceAsync(string folderId, StoredMessage message, string marker, CancellationToken cancellation)
    {
        using var document = JsonDocument.Parse(message.Json, new JsonDocumentOptions { MaxDepth = 128 });
        var (id, losses, lateBody) = await CreateBareAsync(folderId, document.RootElement, message, marker, cancellation);
        try
        {
            var attachments = new AttachmentWriter(_client, _requests, _options);
            if (lateBody is not null) await attachments.AddFileAsync(id, lateBody.Value.Name, lateBody.Value.ContentType, isInline: false, contentId: null, lateBody.Value.Content, cancellation);
            foreach (var attachment in message.Attachments) losses = losses.AddRange(await attachments.AddAsync(id, attachment, cancellation));

            return new RestoredMessage(id, losses);
        }
        catch
        {
            await RemoveHalfAsync(id);
            throw;
        }
    }

    private async Task RemoveMarkedAsync(string folderId, string marker, CancellationToken cancellation)
    {
        while (await new ExistingMessages(_client, _requests).ByMarkerAsync(folderId, marker, cancellation) is { } left) await DeleteAsync(left.Id, cancellation);
    }

    /// <summary>Also when cancelled: half a message must not stay. What cannot be deleted now is found by its marker later.</summary>
    private async Task RemoveHalfAsync(string id)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30), _client.Options.NetworkClock);
        try
        {
            await DeleteAsync(id, patience.Token);
        }
        catch (Exception e) when (e is GraphException or OperationCanceledException)
        {
            LogHalfMessageStays(_client.Log, _client.TenantId, _requests.UserId, id, e);
        }
    }

    private async Task<(string Id, ImmutableArray<Loss> Losses, (string Name, string ContentType, StoredAttachment Content)? LateBody)> CreateBareAsync(
        string folderId, JsonElement root, StoredMessage message, string marker, CancellationToken cancellation)
    {
        var headers = await ReadHeadersAsync(message, cancellation);
        var late = await LateBodyAsync(root, message, cancellation);
        var expected = message.Attachments.Count(AttachmentWriter.CanAdd) + (late is null ? 0 : 1);
        for (var faithfulness = Faithfulness.Full; ; faithfulness++)
        {
            var (json, losses) = MessageComposer.Compose(root, marker, message.Origin, expected, headers, faithfulness, withBody: late is null);
            try
            {
                return (await PostAsync(folderId, json, marker, cancellation), late is null ? losses : losses.Add(new(LossKind.TextAttached, $"The text is attached as {late.Value.Name}: it does not fit or exists in no other form.", late.Value.Name)), late);
            }
            catch (GraphException e) when (faithfulness < Faithfulness.Least && e is GraphRefusedException { Status: 400 or 413 or 422 } or ItemUnreadableException)
            {
                // The service names no property: give up the usual suspects one after the other.
            }
        }
    }

    /// <summary>A text that cannot be part of the creating request, as a file.</summary>
    private async Task<(string Name, string ContentType, StoredAttachment Content)?> LateBodyAsync(JsonElement root, StoredMessage message, CancellationToken cancellation)
    {
        var content = root.TryGetProperty("body", out var body) && body.ValueKind == JsonValueKind.Object ? TolerantJson.GetText(body, "content") : null;
        if (content is null)
        {
            if (message.OpenMime is null) return null;
            long length;
            await using (var mime = await message.OpenMime(cancellation)) length = mime.CanSeek ? mime.Length : await CountAsync(mime, cancellation);
            return ("message.eml", "message/rfc822", new StoredAttachment(default, message.OpenMime, length));
        }

        var bytes = Encoding.UTF8.GetBytes(content);
        if (message.Json.Length <= _options.LargestMessageRequest && bytes.Length <= _options.LargestMessageRequest) return null;
        var isText = TolerantJson.GetText(body, "contentType") == "text";
        return (isText ? "body.txt" : "body.html", isText ? "text/plain" : "text/html",
            new StoredAttachment(default, _ => Task.FromResult<Stream>(new MemoryStream(bytes, writable: false)), bytes.Length));
    }

    private async Task<string> PostAsync(string folderId, byte[] json, string marker, CancellationToken cancellation)
    {
        try
        {
            var answer = await _client.SendAsync(_requests.Write(HttpMethod.Post, $"{_requests.FolderPath(folderId)}/messages", RequestSubject.Folder) with
            {
                Body = () => new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
                BodyBytes = json.Length,
                IsRepeatable = false, // twice would be two messages
            }, cancellation);
            return MessageSummary.Parse(answer.Json).Id;
        }
        catch (GraphTransientException)
        {
            // The reply may have been lost after the message was made; the marker tells.
            if (await new ExistingMessages(_client, _requests).ByMarkerAsync(folderId, marker, cancellation) is { } made) return made.Id;
            throw;
        }
    }

    private async Task<string?> ReadHeadersAsync(StoredMessage message, CancellationToken cancellation)
    {
        if (message.OpenMime is null || _options.TransportHeadersUpTo == 0) return null;
        await using var mime = await message.OpenMime(cancellation);
        return await MimeHeaderBlock.ReadAsync(mime, _options.TransportHeadersUpTo, cancellation);
    }

    private static async Task<long> CountAsync(Stream stream, CancellationToken cancellation)
    {
        var buffer = new byte[81_920];
        long length = 0;
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellation)) > 0) length += read;
        return length;
    }

    [LoggerMessage(3301, LogLevel.Warning, "Tenant {Tenant}, mailbox {Mailbox}: the half-restored message {Message} could not be deleted; the next attempt removes it")]
    private static partial void LogHalfMessageStays(ILogger log, string tenant, string mailbox, string message, Exception exception);
}
