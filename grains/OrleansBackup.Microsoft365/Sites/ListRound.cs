using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OrleansBackup.Microsoft365.Batching;
using OrleansBackup.Microsoft365.Paging;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Sites;

/// <summary>
/// One round over the items of a list that comes to an end whatever the service does: a dead token begins anew, a page that the service fails on is
/// asked for without columns and each item alone, and a list whose changes are told in circles is listed plainly.
/// </summary>
internal sealed class ListRound(GraphClient client, SiteRequests requests, SiteReadOptions options, string listId)
{
    private const int MostRestarts = 4;
    private const string SlimMark = "slim+";

    private readonly PageRepeats _repeats = new();
    private int _restarts;
    private bool _isSlim;

    public async IAsyncEnumerable<ListPage> PagesAsync(string? link, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (address, restarted, fresh) = (Parse(link), false, false);
        if (address is null) (address, restarted, fresh) = (Fresh(), true, true);
        while (_restarts <= MostRestarts)
        {
            if (await TryPageAsync(address, fresh, cancellation) is not { } page)
            {
                _restarts++;
                (address, restarted, fresh) = (Fresh(), true, true);
                _repeats.Clear();
                continue;
            }

            var follow = page.NextLink is null ? null : LinkCheck.Follow(client, page.NextLink, address);
            if (page.NextLink is not null ? follow is null || _repeats.IsCircle(page) : page.DeltaLink is null || Parse(page.DeltaLink) is null)
                break;
            yield return new ListPage { Entries = await EntriesAsync(page, cancellation), IsLast = follow is null, Restarted = restarted, Link = (_isSlim ? SlimMark : "") + (follow?.OriginalString ?? page.DeltaLink!) };
            if (follow is null) yield break;
            (address, restarted) = (follow, false);
        }

        await foreach (var page in ListAsync(cancellation)) yield return page;
    }

    /// <summary>All items by a plain listing, which knows nothing of tokens; with <paramref name="withFields"/> false their ids and eTags only.</summary>
    public IAsyncEnumerable<GraphPage> ListingAsync(bool withFields, CancellationToken cancellation) =>
        ListWalk.PagesAsync(client, requests.Read(requests.Items(listId, options.PageSize, withFields), RequestSubject.SiteItem, units: 2), cancellation);

    private async IAsyncEnumerable<ListPage> ListAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        _isSlim = true; // whatever is wrong with the list, ids alone are the best chance
        var restarted = true;
        await foreach (var page in ListingAsync(withFields: false, cancellation))
        {
            yield return new ListPage
            {
                Entries = await EntriesAsync(page, cancellation), IsLast = false, Restarted = restarted, Link = "",
                Warning = restarted ? "The service cannot tell the changes of a list; it was listed whole." : null,
            };
            restarted = false;
        }

        yield return new ListPage { Entries = [], IsLast = true, Restarted = restarted, Link = "" };
    }

    private Uri Fresh() => requests.Delta(listId, options.PageSize, withFields: !_isSlim);

    private Uri? Parse(string? link)
    {
        _isSlim |= link?.StartsWith(SlimMark, StringComparison.Ordinal) == true;
        var text = link?.StartsWith(SlimMark, StringComparison.Ordinal) == true ? link[SlimMark.Length..] : link;
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && client.IsOurs(address) ? address : null;
    }

    /// <returns>Null: begin anew. The address that comes with a dead token is not used: it has been seen to fail, and need not ask for the columns.</returns>
    private async Task<GraphPage?> TryPageAsync(Uri address, bool isFresh, CancellationToken cancellation)
    {
        try
        {
            return GraphPage.Read((await client.SendAsync(requests.Read(address, RequestSubject.SiteItem, units: isFresh ? 2 : 1), cancellation)).Json);
        }
        catch (DeltaTokenExpiredException)
        {
            return null;
        }
        catch (ItemUnreadableException)
        {
            _isSlim = true; // one item that cannot be shown takes its whole page with it
            return null;
        }
    }

    private async Task<ImmutableArray<ListEntry>> EntriesAsync(GraphPage page, CancellationToken cancellation)
    {
        ImmutableArray<ListEntry> entries = [.. page.Items.Select(ListEntry.Read).OfType<ListEntry>()];
        return _isSlim ? await FetchAsync(entries, cancellation) : entries;
    }

    private async Task<ImmutableArray<ListEntry>> FetchAsync(ImmutableArray<ListEntry> entries, CancellationToken cancellation)
    {
        var living = entries.Where(entry => !entry.IsDeleted).DistinctBy(entry => entry.Id).ToList();
        var whole = (await FetchAsync(living, client, requests, listId, cancellation)).ToDictionary(entry => entry.Id, StringComparer.Ordinal);
        return [.. entries.Where(entry => entry.IsDeleted || whole.ContainsKey(entry.Id)).Select(entry => entry.IsDeleted ? entry : whole[entry.Id])];
    }

    /// <summary>Each item alone; what is gone is left out.</summary>
    internal static async Task<List<ListEntry>> FetchAsync(IReadOnlyList<ListEntry> entries, GraphClient client, SiteRequests requests, string listId, CancellationToken cancellation)
    {
        var parts = entries.Select(entry => new BatchPart($"/{requests.ItemPath(listId, entry.Id)}?$expand=fields", Prefer: null)).ToList();
        var answers = await new BatchSender(client).SendAsync(parts, requests.Load, RequestSubject.SiteItem, cancellation);
        var fetched = new List<ListEntry>(entries.Count);
        for (var i = 0; i < entries.Count; i++)
        {
            if (answers[i].Failure is not { } failure)
            {
                if (ListEntry.Read(JsonMarshal.GetRawUtf8Value(answers[i].Body).ToArray()) is { } read) fetched.Add(read);
                continue;
            }

            var meaning = FailureMeaning.Of(failure, RequestSubject.SiteItem);
            if (meaning == Meaning.ItemGone) continue;
            if (meaning is Meaning.ResourceLocked or Meaning.ResourceMissing) throw client.Translate(failure, meaning, requests.Read(parts[i].Url[1..], RequestSubject.SiteItem)); // not of this item
            if (meaning is Meaning.AccessDenied or Meaning.TokenRejected && client.Translate(failure, meaning, requests.Read(parts[i].Url[1..], RequestSubject.SiteItem)) is TenantAccessException closed) throw closed;
            fetched.Add(ListEntry.Broken(entries[i].Id, entries[i].ETag, failure.Code));
        }

        return fetched;
    }
}
