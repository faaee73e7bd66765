using System.Runtime.CompilerServices;
using OrleansBackup.Microsoft365.Paging;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Mail;

/// <summary>Reads one mailbox: its folders, what changed in each, and whole messages. Every id that it gives is an immutable one.</summary>
/// <remarks>
/// Common errors: <see cref="MailboxUnavailableException"/>, <see cref="TenantAccessException"/>, <see cref="ThrottledTooLongException"/>,
/// <see cref="GraphTransientException"/>. Changing what is selected makes every stored delta link give the old selection.
/// </remarks>
public sealed class MailboxReader
{
    private readonly GraphClient _client;
    private readonly MailboxRequests _requests;
    private readonly MailReadOptions _options;

    /// <param name="userId">Object id of the mailbox's user: a principal name would work until it changes.</param>
    public MailboxReader(GraphClient client, string userId, MailReadOptions options)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrEmpty(userId);
        ArgumentNullException.ThrowIfNull(options);
        (_client, _requests, _options) = (client, new MailboxRequests(client, userId), options);
    }

    /// <summary>The folder tree, or what changed in it. Search folders and recoverable items are never part of it.</summary>
    /// <param name="deltaLink">From an earlier round; null or empty reads all. A dead one reads all and says so.</param>
    public Task<FolderRound> ReadFoldersAsync(string? deltaLink, CancellationToken cancellation) =>
        new FolderRounds(_client, _requests, _options).ReadAsync(deltaLink, cancellation);

    /// <summary>What changed in one folder since <paramref name="link"/>, or all of it, page by page; ends after the page that is last.</summary>
    /// <param name="link">A page's link, to go on after that page or from that round; null or empty enumerates.</param>
    /// <exception cref="FolderGoneException">The folder is no longer there.</exception>
    public async IAsyncEnumerable<MessagePage> ReadMessagesAsync(string folderId, string? link, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var round = new MessageRound(_client, _requests, _options, folderId, link);
        while (await round.NextAsync(cancellation) is { } page) yield return page;
    }

    /// <summary>The whole message. One bad attachment, or a missing MIME form, is a warning.</summary>
    /// <exception cref="ItemGoneException">Deleted meanwhile.</exception>
    /// <exception cref="ItemUnreadableException">The service can read it in no form.</exception>
    public Task<FetchedMessage> FetchAsync(MessageSummary message, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(message);
        return new MessageFetch(_client, _requests, _options).ReadAsync(message, cancellation);
    }

    /// <summary>The ids in a folder by the plain list: knows nothing of delta, so it can check what delta gave.</summary>
    /// <exception cref="FolderGoneException">The folder is no longer there.</exception>
    public async IAsyncEnumerable<string> ListMessageIdsAsync(string folderId, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var first = _requests.Read(_client.Address($"{_requests.FolderPath(folderId)}/messages?$select=id"), RequestSubject.Folder, _options.ListingPageSize);
        await foreach (var page in ListWalk.PagesAsync(_client, first, cancellation))
        {
            foreach (var item in page.Items) yield return MessageSummary.Parse(item).Id;
        }
    }

    /// <summary>One message's properties as they are now; null when it is gone.</summary>
    /// <exception cref="ItemUnreadableException">It is there but cannot be read.</exception>
    public Task<MessageSummary?> TryReadAsync(string messageId, CancellationToken cancellation) =>
        new MessageFetch(_client, _requests, _options).TryReadAsync(messageId, cancellation);

    /// <summary>Which of these messages are in the mailbox now, by id, and where. Deleted ones may be found in the recoverable items: look at the folder.</summary>
    public Task<IReadOnlyDictionary<string, ExistingMessage>> FindAsync(IReadOnlyList<string> ids, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return new ExistingMessages(_client, _requests).ByIdAsync(ids, cancellation);
    }
}
