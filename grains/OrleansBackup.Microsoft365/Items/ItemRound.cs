using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using OrleansBackup.Microsoft365.Paging;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Items;

/// <summary>
/// One round over a container, page by page, that comes to an end whatever the service does: dead tokens, circles, links that lead nowhere, and
/// items that make every page they are on fail.
/// </summary>
/// <remarks>Change tracking where the kind has it; from there the way down is a plain list, which can be entered behind an item that cannot be listed.</remarks>
/// <param name="delta">Address of change tracking; null: the kind has none that can be relied on.</param>
/// <param name="listing">Address of the plain list from a position on.</param>
internal sealed class ItemRound(ItemRequests requests, string containerId, string? link, Uri? delta, Func<int, Uri> listing, int largestPage, ItemParser parse)
{
    private const int MaxRestarts = 3;
    private const int MaxUnnamedInARow = 20;

    private readonly GraphClient _client = requests.Client;
    private readonly PageRepeats _repeats = new();
    private readonly List<string> _warnings = [];
    private bool _isListing = delta is null;
    private bool _isFull = string.IsNullOrEmpty(link) || delta is null;
    private Uri? _next;
    private int _listed;
    private int _narrowed;
    private int _restarts;
    private int _unnamed;
    private bool _restarted;
    private bool _isDone;

    /// <summary>Halved at each failure of a page, doubled at each success.</summary>
    private int PageSize => Math.Max(1, largestPage >> _narrowed);

    /// <returns>The next page; null after the last one.</returns>
    public async Task<ItemPage?> NextAsync(CancellationToken cancellation)
    {
        if (_next is null && !_isFull && !(Uri.TryCreate(link, UriKind.Absolute, out _next) && _client.IsOurs(_next)))
        {
            _next = null;
            (_isFull, _restarted) = (true, true);
        }

        while (!_isDone)
        {
            var address = _next ?? (_isListing ? listing(_listed) : delta!);
            try
            {
                var request = requests.Read(address, RequestSubject.Folder, PageSize) with { MaxServerErrorAttempts = 2 };
                var page = GraphPage.Read((await _client.SendAsync(request, cancellation)).Json);
                if (Accept(page, address) is { } accepted) return accepted;
            }
            catch (DeltaTokenExpiredException e)
            {
                Restart(toListing: false, e.Code);
            }
            catch (GraphException e) when (!_isListing && e is QuotaExceededException or GraphRefusedException { Code: GraphFailure.DeltaNotSupported })
            {
                Restart(toListing: true, e.Code);
            }
            catch (GraphException e) when (IsPageFailure(e))
            {
                if (Narrow(e) is { } unlisted) return unlisted;
            }
        }

        return null;
    }

    private static bool IsPageFailure(GraphException e) => e is ItemUnreadableException or GraphRefusedException { Code: "AnswerTooLarge" }
        or GraphTransientException { Status: 500 or 504 or 200 } or GraphTransientException { Code: "TimedOut" or "CutShort" };

    private void Restart(bool toListing, string code)
    {
        _warnings.Add($"A folder is enumerated anew ({code}).");
        if (++_restarts > MaxRestarts)
        {
            if (_isListing) throw new GraphTransientException($"Mailbox '{requests.UserId}': a folder cannot be listed to its end ({code}).", code, requestId: null, status: null);
            toListing = true;
        }

        _isListing |= toListing;
        (_isFull, _restarted, _next, _listed, _narrowed) = (true, true, null, 0, 0);
        _repeats.Clear();
    }

    /// <returns>A page that reports one item as unlisted, where that is the only way on.</returns>
    private ItemPage? Narrow(GraphException failure)
    {
        if (PageSize > 1)
        {
            _narrowed++;
            return null;
        }

        if (!_isListing)
        {
            Restart(toListing: true, failure.Code);
            return null;
        }

        // Where the folder ends shows only on a page that comes, so this must end by itself.
        _isDone = ++_unnamed >= MaxUnnamedInARow;
        _listed++;
        _next = null;
        return Page([], [], unlisted: 1, "", _isDone);
    }

    /// <returns>Null when the page shows that the round must start over.</returns>
    private ItemPage? Accept(GraphPage page, Uri address)
    {
        var isLast = page.NextLink is null;
        var next = isLast ? null : LinkCheck.Follow(_client, page.NextLink, address);
        if (_repeats.IsCircle(page) || (!isLast && next is null))
        {
            Restart(toListing: _restarts > 0, "CircularPaging");
            return null;
        }

        var order = new List<string>();
        var latest = new Dictionary<string, ListedItem?>(StringComparer.Ordinal);
        foreach (var json in page.Items)
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 128 });
            if (TolerantJson.GetText(document.RootElement, "id") is not { Length: > 0 } id) continue;
            if (!latest.ContainsKey(id)) order.Add(id);
            latest[id] = document.RootElement.TryGetProperty("@removed", out _) ? null : parse(document.RootElement, json, containerId);
        }

        _unnamed = 0;
        _listed += page.Items.Length;
        _next = next;
        _isDone = isLast;
        _narrowed = Math.Max(0, _narrowed - 1);
        return Page([.. order.Select(id => latest[id]).OfType<ListedItem>()], [.. order.Where(id => latest[id] is null)], unlisted: 0, isLast && !_isListing ? page.DeltaLink ?? "" : "", isLast);
    }

    private ItemPage Page(ImmutableArray<ListedItem> items, ImmutableArray<string> removed, int unlisted, string nextRound, bool isLast)
    {
        var page = new ItemPage(items, removed, unlisted, nextRound, isLast, _isFull, _restarted, [.. _warnings]);
        _restarted = false;
        _warnings.Clear();
        return page;
    }

    /// <summary>A time with its zone as Graph writes it, in UTC; null for none and for what cannot be read.</summary>
    public static DateTimeOffset? Time(JsonElement root, string property) =>
        root.TryGetProperty(property, out var zoned) && zoned.ValueKind == JsonValueKind.Object && TolerantJson.GetText(zoned, "dateTime") is { } text
        && DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) && time.Year > 1
            ? new DateTimeOffset(time) : null;
}
