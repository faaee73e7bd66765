using System.Collections.Immutable;
using System.Net.Http.Headers;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Items;

/// <summary>Requests about what lies in a mailbox beside mail; immutable ids are on every one of them.</summary>
/// <param name="readers">The permissions of which one is needed to read.</param>
/// <param name="writers">The same to write.</param>
internal sealed class ItemRequests(GraphClient client, string userId, ImmutableArray<string> readers, ImmutableArray<string> writers)
{
    private readonly string _root = $"users/{MailboxRequests.Segment(userId)}/";

    public GraphClient Client { get; } = client;

    public string UserId { get; } = userId;

    /// <param name="path">Below the user, segments escaped.</param>
    public string Path(string path) => _root + path;

    public Uri Address(string path) => Client.Address(Path(path));

    public GraphRequest Read(Uri address, RequestSubject subject, int? pageSize = null) => new()
    {
        Method = HttpMethod.Get,
        Address = address,
        Subject = subject,
        Mailbox = UserId,
        Preferences = pageSize is { } size ? [$"odata.maxpagesize={size}", MailboxRequests.ImmutableIds] : [MailboxRequests.ImmutableIds],
        AnyPermission = readers,
    };

    public GraphRequest Write(HttpMethod method, string path, RequestSubject subject) => new()
    {
        Method = method,
        Address = Client.Address(path),
        Subject = subject,
        Mailbox = UserId,
        Preferences = [MailboxRequests.ImmutableIds],
        AnyPermission = writers,
    };

    /// <summary>A request with a JSON body.</summary>
    /// <param name="isRepeatable">False for what would be there twice.</param>
    public GraphRequest WriteJson(HttpMethod method, string path, RequestSubject subject, byte[] json, bool isRepeatable) => Write(method, Path(path), subject) with
    {
        Body = () => new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        BodyBytes = json.Length,
        IsRepeatable = isRepeatable,
    };

    public static string Segment(string id) => MailboxRequests.Segment(id);

    /// <summary>What attachments hang on: events by their own address, tasks by that of their list.</summary>
    /// <param name="collection">Path of the collection below the user, with a slash at its end.</param>
    public IAttachmentOwner Attachments(string collection, bool ofTasks) => new Owner(this, collection, ofTasks);

    private sealed class Owner(ItemRequests requests, string collection, bool ofTasks) : IAttachmentOwner
    {
        public string UserId => requests.UserId;

        public string AttachmentSelect => ofTasks ? "id,name,contentType,size,lastModifiedDateTime" : "id,name,contentType,size,isInline,lastModifiedDateTime";

        public string FileType => ofTasks ? "#microsoft.graph.taskFileAttachment" : "#microsoft.graph.fileAttachment";

        public bool HasInline => !ofTasks;

        public string SessionProperty => ofTasks ? "attachmentInfo" : "AttachmentItem";

        public string PathOf(string itemId) => requests.Path(collection + Segment(itemId));

        public GraphRequest Read(Uri address, RequestSubject subject, int? pageSize) => requests.Read(address, subject, pageSize);

        public GraphRequest Write(HttpMethod method, string path, RequestSubject subject) => requests.Write(method, path, subject);
    }
}
