using System.Collections.Immutable;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Mail;

/// <summary>The one place that spells the addresses of one mailbox, and puts immutable ids on every request of it.</summary>
internal sealed class MailboxRequests(GraphClient client, string userId) : IAttachmentOwner
{
    public const string ImmutableIds = "IdType=\"ImmutableId\"";

    /// <summary>Messages as they were sent, not as a web page may show them.</summary>
    private const string UnsafeHtml = "outlook.allow-unsafe-html";

    public string UserId { get; } = userId;

    private readonly string _root = $"users/{Segment(userId)}/";

    public static string Segment(string id) => Uri.EscapeDataString(id);

    public string FolderPath(string folderId) => $"{_root}mailFolders/{Segment(folderId)}";

    public string MessagePath(string messageId) => $"{_root}messages/{Segment(messageId)}";

    string IAttachmentOwner.PathOf(string itemId) => MessagePath(itemId);

    public Uri FolderDelta() => client.Address($"{_root}mailFolders/delta?$select={MailFolder.Select}");

    public Uri TopFolders() => client.Address($"{_root}mailFolders?includeHiddenFolders=true&$select={MailFolder.Select}");

    public Uri ChildFolders(string folderId, bool hidden) =>
        client.Address($"{FolderPath(folderId)}/childFolders?{(hidden ? "includeHiddenFolders=true&" : "")}$select={MailFolder.Select}");

    public Uri Messages(string folderId, RoundMode mode) => client.Address($"{FolderPath(folderId)}/messages" + mode switch
    {
        RoundMode.Delta => $"/delta?$select={MessageSummary.Select}",
        RoundMode.Slim => $"/delta?$select={MessageSummary.SlimSelect}",
        _ => $"?$select={MessageSummary.SlimSelect}",
    });

    public GraphRequest Read(Uri address, RequestSubject subject, int? pageSize = null) => new()
    {
        Method = HttpMethod.Get,
        Address = address,
        Subject = subject,
        Mailbox = UserId,
        Preferences = pageSize is { } size ? [$"odata.maxpagesize={size}", ImmutableIds, UnsafeHtml] : [ImmutableIds, UnsafeHtml],
        AnyPermission = GraphPermissions.ReadMail,
    };

    public GraphRequest Write(HttpMethod method, string path, RequestSubject subject) => new()
    {
        Method = method,
        Address = client.Address(path),
        Subject = subject,
        Mailbox = UserId,
        Preferences = [ImmutableIds],
        AnyPermission = GraphPermissions.WriteMail,
    };

    public Uri Message(string messageId) => client.Address($"{MessagePath(messageId)}?$select={MessageSummary.Select}");
}
