using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OrleansBackup.GraphSimulator.Content;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Mail;

/// <summary>Large attachments, sent in blocks and in order to an address that carries its own permission.</summary>
/// <remarks>Source: attach large files to Outlook messages: 3 to 150 MB, blocks of at most 4 MB.</remarks>
internal sealed partial class UploadSessions(SimulatedWorld world)
{
    /// <summary>Where the addresses start; they are outside Graph and need no token.</summary>
    public const string PathStart = "/api/v2.0/upload/";

    private const int LargestBlock = 4 * 1024 * 1024;
    private const long Largest = 150L * 1024 * 1024;
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<string, Session> _sessions = new();

    /// <summary>A session for an attachment of a message.</summary>
    public GraphResponse Create(GraphRequest request, Mailbox mailbox, MailMessage message)
    {
        var immutable = request.WantsImmutableIds;
        return Create(request, mailbox, "AttachmentItem", file => message.Latest.Folder is null ? null : Location(file));

        string Location(UploadedAttachment file)
        {
            var (version, added) = MessageAttachments.Add(mailbox, message, (key, _) =>
                new MailAttachment(key, file.Name, file.ContentType, file.IsInline, file.ContentId, new HeldBytes(file.Bytes)));
            var attachment = MailAccess.AttachmentId(mailbox, version, added.Key, immutable);
            return $"https://outlook.office.com/api/v2.0/Users('{mailbox.UserId}')/Messages('{MailAccess.MessageId(mailbox, version, immutable)}')/Attachments('{attachment}')";
        }
    }

    /// <summary>A session for an attachment of anything.</summary>
    /// <param name="property">The object of the body that describes the file: it differs by service.</param>
    /// <param name="finish">Attaches the whole file and tells its address; null when there is nothing to attach it to any more.</param>
    public GraphResponse Create(GraphRequest request, Mailbox mailbox, string property, Func<UploadedAttachment, string?> finish)
    {
        if (request.JsonBody()[property] is not JsonObject item || (string?)item["name"] is not { Length: > 0 } name || item["size"] is not { } given)
            throw new GraphErrorException(400, "ErrorInvalidRequest", $"{property} with name and size is needed.");
        if ((string?)item["attachmentType"] != "file")
            throw new GraphErrorException(400, "ErrorInvalidRequest", "Only files can be uploaded in a session.");
        var size = given.GetValue<long>();
        if (size < AttachmentReader.LargestSimple)
            throw new GraphErrorException(400, "ErrorAttachmentSizeShouldNotBeLessThanMinimumSize", "The attachment is too small for an upload session.");
        if (size > Largest)
            throw new GraphErrorException(413, "ErrorAttachmentSizeLimitExceeded", "The attachment is larger than the service takes.");
        var session = new Session(mailbox, finish, request.Caller!, new UploadedAttachment(name,
            (string?)item["contentType"] ?? "application/octet-stream", item["isInline"]?.GetValue<bool>() ?? false, (string?)item["contentId"], new byte[size]), world.Clock.Real.GetUtcNow() + Lifetime);
        var id = Guid.NewGuid().ToString("N");
        _sessions[id] = session;
        var root = request.ServiceRoot[..request.ServiceRoot.LastIndexOf('/')];
        return GraphResponse.Json(201, json =>
        {
            json.WriteStartObject();
            json.WriteString("uploadUrl", $"{root}{PathStart}{id}?authtoken={session.Token}");
            json.WriteString("expirationDateTime", session.Expires.UtcDateTime);
            json.WriteStartArray("nextExpectedRanges");
            json.WriteStringValue("0-");
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    /// <summary>Who made the session of an address, and for which mailbox; null when there is no such session.</summary>
    public (CallerIdentity Caller, string Mailbox)? FindOwner(string path) =>
        _sessions.TryGetValue(path[PathStart.Length..], out var session) ? (session.Owner, session.Mailbox.UserId.ToString()) : null;

    /// <summary>Takes a block, or tells how far the upload is, or drops it.</summary>
    public GraphResponse Answer(string method, string path, string token, string contentRange, ReadOnlyMemory<byte> body)
    {
        var id = path[PathStart.Length..];
        var response = !_sessions.TryGetValue(id, out var session) || session.Expires < world.Clock.Real.GetUtcNow()
            ? Refuse(404, "ErrorItemNotFound", "The upload session does not exist or has expired.")
            : token != session.Token ? Refuse(401, "InvalidAuthenticationToken", "The upload address is not valid.")
            : method switch
            {
                "PUT" => Take(id, session, contentRange, body),
                "GET" => Progress(session),
                "DELETE" => _sessions.TryRemove(id, out _) ? GraphResponse.NoContent : Refuse(404, "ErrorItemNotFound", "The upload session does not exist."),
                _ => Refuse(405, "ErrorInvalidRequest", "The OData request is not supported."),
            };
        world.Statistics.Count(method, PathStart + "{session}", response.Status, response.Body.Length);
        return response;
    }

    private GraphResponse Take(string id, Session session, string contentRange, ReadOnlyMemory<byte> body)
    {
        if (body.Length > LargestBlock)
            return Refuse(413, "RequestEntityTooLarge", "A block may have 4 MB at most.");
        if (world.Limits.CountUpload(session.Owner.ClientId.ToString(), session.Owner.Tenant.Id, session.Mailbox.UserId.ToString(), body.Length) is { } throttled)
            return Throttle(throttled);
        if (Range().Match(contentRange) is not { Success: true } range)
            return Refuse(400, "ErrorInvalidRequest", "The Content-Range header is missing or cannot be read.");
        var (from, to, total) = (Number("from"), Number("to"), Number("total"));
        lock (session)
        {
            if (total != session.File.Bytes.Length || to < from || to - from + 1 != body.Length || to >= total)
                return Refuse(400, "ErrorInvalidRequest", "The Content-Range does not fit the block or the size of the session.");
            if (from != session.Next)
                return Refuse(416, "ErrorInvalidRange", $"The block is out of order; expected is {session.Next}.");
            body.Span.CopyTo(session.File.Bytes.AsSpan((int)from));
            session.Next = to + 1;
            if (session.Next < session.File.Bytes.Length)
                return Progress(session);
        }
        return Finish(id, session);

        long Number(string group) => long.Parse(range.Groups[group].Value, CultureInfo.InvariantCulture);
    }

    private GraphResponse Finish(string id, Session session)
    {
        _sessions.TryRemove(id, out _);
        return session.Mailbox.Read(() => session.Finish(session.File) is { } location
            ? new GraphResponse(201).With("Location", location)
            : Refuse(404, "ErrorItemNotFound", "The specified object was not found in the store."));
    }

    // The service spells these names with capitals here, unlike in the answer that made the session.
    private static GraphResponse Progress(Session session) => GraphResponse.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteString("ExpirationDateTime", session.Expires.UtcDateTime);
        json.WriteStartArray("NextExpectedRanges");
        json.WriteStringValue(session.Next.ToString(CultureInfo.InvariantCulture));
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static GraphResponse Throttle(GraphErrorException error)
    {
        var response = Refuse(error.Status, error.Code, error.Message);
        return error.RetryAfter is { } seconds ? response.With("Retry-After", seconds.ToString(CultureInfo.InvariantCulture)) : response;
    }

    private static GraphResponse Refuse(int status, string code, string message) => GraphResponse.Json(status, json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("code", code);
        json.WriteString("message", message);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    [GeneratedRegex(@"^bytes (?<from>\d{1,15})-(?<to>\d{1,15})/(?<total>\d{1,15})$", RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex Range();

    private sealed record Session(Mailbox Mailbox, Func<UploadedAttachment, string?> Finish, CallerIdentity Owner, UploadedAttachment File, DateTimeOffset Expires)
    {
        public string Token { get; } = Guid.NewGuid().ToString("N");
        public long Next { get; set; }
    }
}

/// <summary>A file that came in blocks.</summary>
internal sealed record UploadedAttachment(string Name, string ContentType, bool IsInline, string? ContentId, byte[] Bytes);
