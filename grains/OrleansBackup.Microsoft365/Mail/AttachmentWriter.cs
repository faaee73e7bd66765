using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Mail;

/// <summary>Adds stored attachments to a message that was just created, one after the other: the store refuses them side by side.</summary>
internal sealed class AttachmentWriter(GraphClient client, IAttachmentOwner requests, MailWriteOptions options)
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>What a created item may not say of itself.</summary>
    private static readonly HashSet<string> NotInItems = new(StringComparer.Ordinal)
    {
        "id", "changeKey", "isDraft", "isOrganizer", "parentFolderId", "internetMessageHeaders", "hasAttachments", "attachments", "webLink", "bodyPreview",
        "conversationId", "conversationIndex", "createdDateTime", "lastModifiedDateTime", "uniqueBody",
    };

    /// <summary>False for what is known beforehand not to come back: links, and content that the backup does not have.</summary>
    public static bool CanAdd(StoredAttachment attachment)
    {
        using var document = JsonDocument.Parse(attachment.Json, new JsonDocumentOptions { MaxDepth = 128 });
        return TolerantJson.GetText(document.RootElement, "@odata.type") switch
        {
            "#microsoft.graph.referenceAttachment" => false,
            "#microsoft.graph.itemAttachment" => attachment.Open is not null || document.RootElement.TryGetProperty("item", out _),
            _ => attachment.Open is not null,
        };
    }

    /// <returns>What was lost; empty: nothing.</returns>
    /// <exception cref="GraphException">A failure that is not this attachment's fault: the message is incomplete.</exception>
    public async Task<ImmutableArray<Loss>> AddAsync(string messageId, StoredAttachment attachment, CancellationToken cancellation)
    {
        using var document = JsonDocument.Parse(attachment.Json, new JsonDocumentOptions { MaxDepth = 128 });
        var root = document.RootElement;
        var isNamed = TolerantJson.GetText(root, "name") is { Length: > 0 };
        var name = isNamed ? TolerantJson.GetText(root, "name")! : "attachment";
        ImmutableArray<Loss> renamed = isNamed ? [] : [new(LossKind.AttachmentName, $"An attachment without a name is now called '{name}'.", name)];
        try
        {
            switch (TolerantJson.GetText(root, "@odata.type"))
            {
                case "#microsoft.graph.referenceAttachment":
                    return IsInline(root) ? [] : [new(LossKind.Attachment, "An attachment that is a link to a file elsewhere cannot be put back.", name)];
                case "#microsoft.graph.itemAttachment":
                    return [await AddItemAsync(messageId, root, name, attachment, cancellation), .. renamed];
                default:
                    if (attachment.Open is null) return [new(LossKind.Attachment, "An attachment had no content in the backup.", name)];
                    await AddFileAsync(messageId, name, TolerantJson.GetText(root, "contentType"), IsInline(root), TolerantJson.GetText(root, "contentId"), attachment, cancellation);
                    return renamed;
            }
        }
        catch (AttachmentTooLargeException)
        {
            return [new(LossKind.Attachment, $"An attachment of {attachment.Length} bytes is larger than the service takes.", name)];
        }
        catch (GraphException e) when (e is GraphRefusedException or ItemUnreadableException)
        {
            return [new(LossKind.Attachment, $"The service refused an attachment ({e.Code}).", name)];
        }
    }

    public Task AddFileAsync(string messageId, string name, string? contentType, bool isInline, string? contentId, StoredAttachment attachment, CancellationToken cancellation) =>
        attachment.Length < options.PostAttachmentsBelow
            ? PostFileAsync(messageId, name, contentType, isInline, contentId, attachment, cancellation)
            : UploadAsync(messageId, name, contentType, isInline, contentId, attachment, cancellation);

    private async Task<Loss> AddItemAsync(string messageId, JsonElement root, string name, StoredAttachment attachment, CancellationToken cancellation)
    {
        if (root.TryGetProperty("item", out var item) && item.ValueKind == JsonValueKind.Object && !HasAttachments(item))
        {
            var body = Compose(json =>
            {
                json.WriteString("@odata.type", "#microsoft.graph.itemAttachment");
                json.WriteString("name", name);
                json.WriteStartObject("item");
                foreach (var property in item.EnumerateObject())
                {
                    if (NotInItems.Contains(property.Name) || (property.Name.Contains('@', StringComparison.Ordinal) && property.Name != "@odata.type")) continue;
                    json.WritePropertyName(property.Name);
                    json.WriteRawValue(JsonMarshal.GetRawUtf8Value(property.Value), skipInputValidation: true);
                }

                json.WriteEndObject();
            });
            try
            {
                if (body.Length < options.PostAttachmentsBelow)
                {
                    await PostAsync(messageId, body, cancellation);
                    return new(LossKind.AttachedItemBytes, "An attached item is put back by its properties: its text is the same, the MIME form that the service makes of it may not be.", name);
                }
            }
            catch (GraphException e) when (attachment.Open is not null && e is GraphRefusedException or ItemUnreadableException)
            {
                // As a file nothing of it is lost but the way that Outlook opens it.
            }
        }

        if (attachment.Open is null) return new(LossKind.Attachment, "An attached item had no content in the backup.", name);
        var (extension, contentType) = TolerantJson.GetText(item, "@odata.type") switch
        {
            "#microsoft.graph.event" => (".ics", "text/calendar"),
            "#microsoft.graph.contact" => (".vcf", "text/vcard"),
            _ => (".eml", "message/rfc822"),
        };
        await AddFileAsync(messageId, name.EndsWith(extension, StringComparison.OrdinalIgnoreCase) ? name : name + extension, contentType, isInline: false, contentId: null, attachment, cancellation);
        return new(LossKind.AttachedItemAsFile, $"An attached item is put back as a file ({extension}), with all that it holds.", name);
    }

    private async Task PostFileAsync(string messageId, string name, string? contentType, bool isInline, string? contentId, StoredAttachment attachment, CancellationToken cancellation)
    {
        var bytes = new MemoryStream((int)attachment.Length);
        await using (var content = await attachment.Open!(cancellation)) await content.CopyToAsync(bytes, cancellation);
        var body = Compose(json =>
        {
            json.WriteString("@odata.type", requests.FileType);
            json.WriteString("name", name);
            if (contentType is not null) json.WriteString("contentType", contentType);
            WriteInline(json, isInline, contentId);
            json.WriteBase64String("contentBytes", bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        });
        await PostAsync(messageId, body, cancellation);
    }

    private Task<GraphResponse> PostAsync(string messageId, byte[] body, CancellationToken cancellation) =>
        client.SendAsync(Json(requests.Write(HttpMethod.Post, $"{requests.PathOf(messageId)}/attachments", RequestSubject.Item), body), cancellation);

    private async Task UploadAsync(string messageId, string name, string? contentType, bool isInline, string? contentId, StoredAttachment attachment, CancellationToken cancellation)
    {
        if (attachment.Length > options.LargestAttachment) throw new AttachmentTooLargeException();
        var session = Compose(json =>
        {
            json.WriteStartObject(requests.SessionProperty);
            json.WriteString("attachmentType", "file");
            json.WriteString("name", name);
            json.WriteNumber("size", attachment.Length);
            if (contentType is not null) json.WriteString("contentType", contentType);
            WriteInline(json, isInline, contentId);
            json.WriteEndObject();
        });
        var answer = await client.SendAsync(Json(requests.Write(HttpMethod.Post, $"{requests.PathOf(messageId)}/attachments/createUploadSession", RequestSubject.Item), session), cancellation);
        using var document = JsonDocument.Parse(answer.Json);
        var address = Uri.TryCreate(TolerantJson.GetText(document.RootElement, "uploadUrl"), UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps
            ? url : throw new GraphTransientException($"Mailbox '{requests.UserId}': an upload session has no address.", "BadUploadUrl", requestId: null, status: null);

        await using var content = await attachment.Open!(cancellation);
        var piece = new byte[options.UploadPieceBytes];
        for (long sent = 0; sent < attachment.Length;)
        {
            var length = await content.ReadAtLeastAsync(piece, (int)Math.Min(piece.Length, attachment.Length - sent), throwOnEndOfStream: true, cancellation);
            var (from, to) = (sent, sent + length - 1);
            await client.SendAsync(new GraphRequest
            {
                Method = HttpMethod.Put,
                Address = address,
                Subject = RequestSubject.Upload,
                Mailbox = requests.UserId,
                CarriesToken = false, // the address is its own authorisation
                BodyBytes = length,
                Body = () => new ByteArrayContent(piece, 0, length)
                {
                    Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream"), ContentRange = new ContentRangeHeaderValue(from, to, attachment.Length) },
                },
            }, cancellation);
            sent += length;
        }
    }

    private void WriteInline(Utf8JsonWriter json, bool isInline, string? contentId)
    {
        if (!requests.HasInline) return;
        json.WriteBoolean("isInline", isInline);
        if (contentId is not null) json.WriteString("contentId", contentId);
    }

    private static GraphRequest Json(GraphRequest request, byte[] body) => request with
    {
        Body = () => new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        BodyBytes = body.Length,
        IsRepeatable = false, // twice would be two attachments
    };

    private static byte[] Compose(Action<Utf8JsonWriter> write)
    {
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Writing))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static bool IsInline(JsonElement attachment) => attachment.TryGetProperty("isInline", out var inline) && inline.ValueKind == JsonValueKind.True;

    private static bool HasAttachments(JsonElement item) =>
        (item.TryGetProperty("hasAttachments", out var has) && has.ValueKind == JsonValueKind.True)
        || (item.TryGetProperty("attachments", out var list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0);

    /// <summary>Leaves this class never: it becomes a loss.</summary>
    private sealed class AttachmentTooLargeException : Exception;
}
