using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using OrleansBackup.Microsoft365.Paging;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Drives;

/// <summary>
/// One round over a drive that comes to an end whatever the service does: a dead token begins anew, a page that times out is asked for in
/// smaller ones, and a drive whose changes cannot be told at all is walked folder by folder.
/// </summary>
internal sealed class DriveRound(GraphClient client, DriveRequests requests, DriveReadOptions options)
{
    private const int MostRestarts = 4;
    private const string FullMark = "full+";

    private readonly PageRepeats _repeats = new();
    private int _pageSize = options.PageSize;
    private int _restarts;
    private bool _hasCircled;

    public async IAsyncEnumerable<DrivePage> PagesAsync(string? link, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (address, isFull) = Parse(link);
        var restarted = address is null;
        string? warning = null;
        address ??= requests.Delta(_pageSize);
        while (true)
        {
            var (page, next) = await TryPageAsync(address, isFull, cancellation);
            if (page is null)
            {
                if (++_restarts > MostRestarts || next is null)
                    break;
                (address, isFull, restarted) = (next, true, true);
                _repeats.Clear();
                continue;
            }

            var items = Items(page);
            var follow = page.NextLink is null ? null : LinkCheck.Follow(client, page.NextLink, address);
            var isBroken = page.NextLink is not null ? follow is null || IsCircle(items) : page.DeltaLink is null || !IsOurs(page.DeltaLink);
            if (isBroken)
            {
                warning = "The service told the changes of a drive in circles; it was read anew.";
                if (_hasCircled)
                    break;
                _hasCircled = true;
                (address, isFull, restarted) = (requests.Delta(_pageSize), true, true);
                _repeats.Clear();
                continue;
            }

            yield return new DrivePage
            {
                Items = items, IsLast = follow is null, Restarted = restarted, Warning = warning,
                Link = follow is null ? page.DeltaLink! : (isFull ? FullMark : "") + follow.OriginalString,
            };
            if (follow is null)
                yield break;
            (restarted, warning, address) = (false, null, follow);
        }

        await foreach (var page in WalkAsync(cancellation)) yield return page;
    }

    /// <summary>Every item by listings of folders, from the root down.</summary>
    /// <exception cref="GraphException">The root, or one page of a folder, cannot be listed.</exception>
    public async IAsyncEnumerable<ImmutableArray<DriveItem>> FoldersAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var answer = await client.SendAsync(requests.Read(requests.Root(), RequestSubject.Drive), cancellation);
        if (DriveItem.Read(answer.Json) is not { } root) yield break;
        yield return [root];
        var folders = new Stack<string>([root.Id]);
        while (folders.TryPop(out var folder))
        {
            var first = requests.Read(requests.Children(folder, options.PageSize), RequestSubject.DriveItem, units: 2);
            await using var pages = ListWalk.PagesAsync(client, first, cancellation).GetAsyncEnumerator(cancellation);
            while (await NextAsync(pages))
            {
                var items = Items(pages.Current);
                foreach (var item in items)
                    if (item.Kind is DriveItemKind.Folder or DriveItemKind.Package) folders.Push(item.Id);
                yield return items;
            }
        }
    }

    // A folder that went while others were listed is no error.
    private static async Task<bool> NextAsync(IAsyncEnumerator<GraphPage> pages)
    {
        try
        {
            return await pages.MoveNextAsync();
        }
        catch (ItemGoneException)
        {
            return false;
        }
    }

    private async IAsyncEnumerable<DrivePage> WalkAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        // The token before the walk, so that what changes while it goes on is told in the next round.
        var link = await TryLatestAsync(cancellation);
        var restarted = true;
        await foreach (var items in FoldersAsync(cancellation))
        {
            yield return new DrivePage
            {
                Items = items, IsLast = false, Link = "", Restarted = restarted, IsWalk = true,
                Warning = restarted ? "The service cannot tell the changes of a drive; it was walked folder by folder." : null,
            };
            restarted = false;
        }

        yield return new DrivePage { Items = [], IsLast = true, Link = link, Restarted = restarted, IsWalk = true };
    }

    private async Task<string> TryLatestAsync(CancellationToken cancellation)
    {
        try
        {
            var request = requests.ReadDelta(requests.LatestToken(options.LeastPageSize), units: 1) with { MaxPassingAttempts = options.AttemptsWhereHopeIsSmall };
            return GraphPage.Read((await client.SendAsync(request, cancellation)).Json).DeltaLink is { } link && IsOurs(link) ? link : "";
        }
        catch (GraphException e) when (e is GraphTransientException or DeltaTokenExpiredException or GraphRefusedException)
        {
            return ""; // the next round tries from nothing
        }
    }

    /// <returns>The page; or where a round from nothing starts; or neither when nothing is left to try.</returns>
    private async Task<(GraphPage? Page, Uri? Restart)> TryPageAsync(Uri address, bool isFull, CancellationToken cancellation)
    {
        try
        {
            var request = requests.ReadDelta(address, units: isFull ? 2 : 1) with { MaxPassingAttempts = options.AttemptsWhereHopeIsSmall };
            return (GraphPage.Read((await client.SendAsync(request, cancellation)).Json), null);
        }
        catch (DeltaTokenExpiredException e)
        {
            return (null, e.Restart is { } restart && client.IsOurs(restart) && restart != address && _restarts == 0 ? restart : requests.Delta(_pageSize));
        }
        catch (GraphTransientException e) when (e.Status is 408 or 500 or 502 or 503 or 504)
        {
            if (_restarts == 1 && e.Status == 500) return (null, requests.Delta(_pageSize)); // the address of a dead token's answer has been seen to fail
            if (_pageSize <= options.LeastPageSize) return (null, null);
            _pageSize = Math.Max(options.LeastPageSize, _pageSize / 5);
            return (null, requests.Delta(_pageSize));
        }
    }

    // Download addresses are new ones every time, so that no page is ever sent twice byte for byte.
    private bool IsCircle(ImmutableArray<DriveItem> items) => _repeats.IsCircle([.. items.Select(item => item.IsDeleted ? item.Id + " gone" : $"{item.Id} {item.ETag}")]);

    private bool IsOurs(string link) => Uri.TryCreate(link, UriKind.Absolute, out var address) && client.IsOurs(address);

    private (Uri? Address, bool IsFull) Parse(string? link)
    {
        var isFull = link?.StartsWith(FullMark, StringComparison.Ordinal) == true;
        var text = isFull ? link![FullMark.Length..] : link;
        return text is not null && Uri.TryCreate(text, UriKind.Absolute, out var address) && client.IsOurs(address) ? (address, isFull) : (null, true);
    }

    private static ImmutableArray<DriveItem> Items(GraphPage page) => [.. page.Items.Select(DriveItem.Read).OfType<DriveItem>()];
}
