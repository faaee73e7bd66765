using System.Collections.Immutable;
using System.Text.Json;
using OrleansBackup.Microsoft365.Paging;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Mail;

/// <summary>
/// One round over a folder's messages, page by page, that comes to an end whatever the service does: dead tokens, circles, links that
/// lead nowhere, and messages that make every page they are on fail.
/// </summary>
/// <remarks>
/// The ways down, each starting anew: delta with everything, delta with ids only, plain list. A page that fails is asked for in halves
/// first, since fewer messages at once often succeed and otherwise show which one it is.
/// </remarks>
internal sealed class MessageRound
{
    private const int MaxRestarts = 3;

    /// <summary>Positions in a row at which not even an id can be listed, until it is the folder that cannot be listed and no longer single messages.</summary>
    private const int MaxUnnamedInARow = 20;

    private readonly GraphClient _client;
    private readonly MailboxRequests _requests;
    private readonly MailReadOptions _options;
    private readonly string _folderId;
    private readonly PageRepeats _repeats = new();
    private readonly List<string> _warnings = [];
    private ReadPosition _at;
    private Uri? _restartAt;
    private int _pageSize;
    private int _restarts;
    private int _unnamedInARow;
    private bool _restarted;
    private bool _isDone;

    /// <param name="link">As stored by the caller. One that is none, or that leads to another host, is not followed: the round begins anew.</param>
    public MessageRound(GraphClient client, MailboxRequests requests, MailReadOptions options, string folderId, string? link)
    {
        (_client, _requests, _options, _folderId, _pageSize) = (client, requests, options, folderId, options.PageSize);
        _at = ReadPosition.Parse(link);
        if (string.IsNullOrEmpty(link) || (_at.Link is { } address && client.IsOurs(address))) return;
        _at = ReadPosition.Start(RoundMode.Delta);
        _restarted = true;
        _warnings.Add("The folder is enumerated anew (BadStoredLink).");
    }

    /// <returns>The next page; null after the last one.</returns>
    /// <exception cref="FolderGoneException">The folder is no longer there.</exception>
    public async Task<MessagePage?> NextAsync(CancellationToken cancellation)
    {
        while (!_isDone)
        {
            var address = _restartAt ?? _at.Link ?? _requests.Messages(_folderId, _at.Mode);
            GraphPage page;
            try
            {
                var request = _requests.Read(address, RequestSubject.Folder, _pageSize) with { MaxServerErrorAttempts = 2 };
                page = GraphPage.Read((await _client.SendAsync(request, cancellation)).Json);
            }
            catch (DeltaTokenExpiredException e)
            {
                Restart(_at.Mode, e.Code);
                _restartAt = _restarts == 1 && e.Restart is { } location && _client.IsOurs(location) && _at.Mode != RoundMode.Listing ? location : null;
                continue;
            }
            catch (GraphException e) when (_restartAt is not null && e is GraphTransientException or GraphRefusedException)
            {
                _restartAt = null; // the address that came with the dead token fails itself
                continue;
            }
            catch (GraphException e) when (_at.Mode != RoundMode.Listing && (e is QuotaExceededException || e is GraphRefusedException { Code: GraphFailure.DeltaNotSupported }))
            {
                Restart(RoundMode.Listing, e.Code);
                continue;
            }
            catch (GraphException e) when (IsPageFailure(e))
            {
                if (await NarrowAsync(e, cancellation) is { } unlisted) return unlisted;
                continue;
            }

            _restartAt = null;
            if (await AcceptAsync(page, address, cancellation) is { } accepted) return accepted;
        }

        return null;
    }

    private static bool IsPageFailure(GraphException e) => e is ItemUnreadableException
        || e is GraphRefusedException { Code: "AnswerTooLarge" }
        || e is GraphTransientException { Status: 500 or 504 or 200 } or GraphTransientException { Code: "TimedOut" or "CutShort" };

    /// <summary>Starts over; the next page says so.</summary>
    private void Restart(RoundMode mode, string code)
    {
        _warnings.Add($"The folder is enumerated anew ({code}).");
        if (++_restarts > MaxRestarts)
        {
            if (_at.Mode == RoundMode.Listing) throw new GraphTransientException($"Mailbox '{_requests.UserId}': a folder cannot be listed to its end ({code}).", code, requestId: null, status: null);
            mode = RoundMode.Listing;
        }

        _at = ReadPosition.Start(mode);
        _restartAt = null;
        _restarted = true;
        _pageSize = _options.PageSize;
        _repeats.Clear();
    }

    /// <returns>A page that reports one message as unlisted, where that is the only way on.</returns>
    private async Task<MessagePage?> NarrowAsync(GraphException failure, CancellationToken cancellation)
    {
        if (_pageSize > 1)
        {
            _pageSize = Math.Max(1, _pageSize / 2);
            return null;
        }

        if (_at.Mode != RoundMode.Listing)
        {
            Restart(_at.Mode == RoundMode.Delta ? RoundMode.Slim : RoundMode.Listing, failure.Code);
            return null;
        }

        var id = await TryFindIdAsync(_at.Listed, cancellation);
        _unnamedInARow = id is null ? _unnamedInARow + 1 : 0;
        if (_unnamedInARow >= MaxUnnamedInARow)
        {
            // Where the folder ends shows only on a page that comes, so this would never end. What it holds is owed; the next round begins anew.
            _isDone = true;
            return Page([new MessageUnlisted(null, failure.Code)], new ReadPosition(null, _at.Mode, IsFull: false), isLast: true);
        }

        _at = _at with { Link = ListingFrom(_at.Listed + 1), Listed = _at.Listed + 1 };
        return Page([new MessageUnlisted(id, failure.Code)], _at, isLast: false);
    }

    private async Task<string?> TryFindIdAsync(int position, CancellationToken cancellation)
    {
        try
        {
            var address = _client.Address($"{_requests.FolderPath(_folderId)}/messages?$select=id&$skip={position}");
            var page = GraphPage.Read((await _client.SendAsync(_requests.Read(address, RequestSubject.Folder, pageSize: 1) with { MaxServerErrorAttempts = 1 }, cancellation)).Json);
            return page.Items is [var item, ..] ? MessageSummary.Parse(item).Id : null;
        }
        catch (GraphException e) when (IsPageFailure(e))
        {
            return null;
        }
    }

    private Uri ListingFrom(int position) =>
        _client.Address($"{_requests.FolderPath(_folderId)}/messages?$select={MessageSummary.SlimSelect}&$skip={position}");

    /// <returns>Null when the page shows that the round must start over.</returns>
    private async Task<MessagePage?> AcceptAsync(GraphPage page, Uri address, CancellationToken cancellation)
    {
        var isLast = page.NextLink is null;
        var next = isLast ? null : LinkCheck.Follow(_client, page.NextLink, address);
        if (_repeats.IsCircle(page) || (!isLast && next is null))
        {
            Restart(_restarts == 0 ? _at.Mode : RoundMode.Listing, "CircularPaging");
            return null;
        }

        _unnamedInARow = 0;
        var changes = LastOccurrences(page);
        if (_at.Mode != RoundMode.Delta) changes = await new MessageLookup(_client, _requests).CompleteAsync(changes, cancellation);
        if (_pageSize < _options.PageSize) _pageSize = Math.Min(_options.PageSize, _pageSize * 2);
        var isFull = _at.IsFull;
        _at = isLast
            ? new ReadPosition(page.DeltaLink is { } delta && Uri.TryCreate(delta, UriKind.Absolute, out var link) ? link : null, _at.Mode, IsFull: false)
            : _at with { Link = next, Listed = _at.Listed + page.Items.Length };
        _isDone = isLast;
        return Page(changes, _at, isLast, isFull);
    }

    private MessagePage Page(ImmutableArray<MessageChange> changes, ReadPosition after, bool isLast, bool? isFull = null)
    {
        var page = new MessagePage(changes, after.ToString(), isLast, isFull ?? after.IsFull, _restarted, [.. _warnings]);
        _restarted = false;
        _warnings.Clear();
        return page;
    }

    private ImmutableArray<MessageChange> LastOccurrences(GraphPage page)
    {
        var order = new List<string>();
        var latest = new Dictionary<string, MessageChange>(StringComparer.Ordinal);
        foreach (var item in page.Items)
        {
            using var document = JsonDocument.Parse(item, new JsonDocumentOptions { MaxDepth = 128 });
            var message = document.RootElement;
            if (MessageSummary.Read(message, item) is not { } summary)
            {
                _warnings.Add("The service listed a message without an id.");
                continue;
            }

            if (!latest.ContainsKey(summary.Id)) order.Add(summary.Id);
            latest[summary.Id] = message.TryGetProperty("@removed", out _) ? new MessageRemoved(summary.Id) : new MessageListed(summary);
        }

        return [.. order.Select(id => latest[id])];
    }
}
