using System.Collections.Immutable;
using System.Text.Json;
using OrleansBackup.Microsoft365.Batching;
using OrleansBackup.Microsoft365.Paging;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Mail;

/// <summary>Reads the folder tree: by delta, flat and whole; anew where the token has died or the pages walk in circles.</summary>
internal sealed class FolderRounds(GraphClient client, MailboxRequests requests, MailReadOptions options)
{
    private const int PageSize = 500;
    private const string SearchFolder = "#microsoft.graph.mailSearchFolder";

    /// <summary>Special folders that we name. The recoverable items and the search folders are named to be left out with all below them.</summary>
    private static readonly ImmutableArray<string> WellKnown =
        ["inbox", "sentitems", "deleteditems", "drafts", "archive", "junkemail", "outbox", "conversationhistory", "clutter", "scheduled", "syncissues", "msgfolderroot"];

    private static readonly ImmutableArray<string> LeftOut = ["recoverableitemsdeletions", "searchfolders"];

    public async Task<FolderRound> ReadAsync(string? deltaLink, CancellationToken cancellation)
    {
        var start = Uri.TryCreate(deltaLink, UriKind.Absolute, out var link) && client.IsOurs(link) ? link : null;
        try
        {
            if (await WalkAsync(start ?? requests.FolderDelta(), cancellation) is { } round) return await FinishAsync(round, isFull: start is null, cancellation);
        }
        catch (DeltaTokenExpiredException e)
        {
            if (e.Restart is { } restart && client.IsOurs(restart) && await TryRestartAsync(restart, cancellation) is { } restarted)
            {
                return await FinishAsync(restarted, isFull: true, cancellation);
            }
        }

        return await WalkAsync(requests.FolderDelta(), cancellation) is { } fresh
            ? await FinishAsync(fresh, isFull: true, cancellation)
            : throw new GraphTransientException($"Mailbox '{requests.UserId}': its folders cannot be listed to the end.", "CircularPaging", requestId: null, status: null);
    }

    /// <summary>The address that came with a dead token has been seen to fail itself.</summary>
    private async Task<Round?> TryRestartAsync(Uri restart, CancellationToken cancellation)
    {
        try
        {
            return await WalkAsync(restart, cancellation);
        }
        catch (GraphException e) when (e is DeltaTokenExpiredException or GraphTransientException or GraphRefusedException)
        {
            return null;
        }
    }

    /// <returns>Null when the pages walk in circles.</returns>
    private async Task<Round?> WalkAsync(Uri start, CancellationToken cancellation)
    {
        var round = new Round();
        var repeats = new PageRepeats();
        for (var address = start; ;)
        {
            var page = GraphPage.Read((await client.SendAsync(requests.Read(address, RequestSubject.Mailbox, PageSize), cancellation)).Json);
            if (repeats.IsCircle(page)) return null;
            foreach (var item in page.Items) round.Add(item);
            if (page.NextLink is null)
            {
                round.DeltaLink = page.DeltaLink ?? "";
                return round;
            }

            if (LinkCheck.Follow(client, page.NextLink, address) is not { } next) return null;
            address = next;
        }
    }

    private async Task<FolderRound> FinishAsync(Round round, bool isFull, CancellationToken cancellation)
    {
        if (isFull && options.IncludeHiddenFolders) await AddHiddenAsync(round, cancellation);
        // Every mailbox has an inbox. An empty tree is an answer gone wrong, and believing it would drop all that is held.
        if (isFull && round.Changed.Count == 0) throw new GraphTransientException($"Mailbox '{requests.UserId}': the service lists no folder at all.", "NoFolders", requestId: null, status: null);
        if (round.Changed.Count == 0) return new FolderRound(isFull, [], [.. round.Removed], round.DeltaLink);
        var names = await ResolveNamesAsync(cancellation);
        var leftOut = names.Where(n => LeftOut.Contains(n.Value)).Select(n => n.Key).ToHashSet(StringComparer.Ordinal);
        bool IsTaken(MailFolder folder) => !round.SearchFolders.Contains(folder.Id) && (options.IncludeHiddenFolders || !folder.IsHidden) && !IsBelow(folder, leftOut, round);
        var changed = round.Changed.Values.Where(IsTaken).Select(f => names.TryGetValue(f.Id, out var name) ? f with { WellKnownName = name } : f).ToImmutableArray();
        // A folder that we no longer take may have been taken before: tell its leaving.
        var left = isFull ? [] : round.Changed.Values.Where(f => !IsTaken(f)).Select(f => f.Id);
        return new FolderRound(isFull, changed, [.. round.Removed.Union(left, StringComparer.Ordinal)], round.DeltaLink);
    }

    private static bool IsBelow(MailFolder folder, HashSet<string> roots, Round round)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (MailFolder? at = folder; at is not null && seen.Add(at.Id);)
        {
            if (roots.Contains(at.Id) || (at.ParentFolderId is { } parent && (roots.Contains(parent) || round.SearchFolders.Contains(parent)))) return true;
            at = at.ParentFolderId is { } up ? round.Changed.GetValueOrDefault(up) : null;
        }

        return false;
    }

    /// <summary>The delta may leave hidden folders out; the lists name them when asked. Hidden ones lie at the top.</summary>
    private async Task AddHiddenAsync(Round round, CancellationToken cancellation)
    {
        var first = requests.Read(requests.TopFolders(), RequestSubject.Mailbox, PageSize);
        await foreach (var page in ListWalk.PagesAsync(client, first, cancellation))
        {
            foreach (var item in page.Items) round.AddMissing(item);
        }
    }

    /// <returns>Folder id to well-known name.</returns>
    private async Task<Dictionary<string, string>> ResolveNamesAsync(CancellationToken cancellation)
    {
        ImmutableArray<string> wanted = [.. WellKnown, .. LeftOut];
        var parts = wanted.Select(name => new BatchPart($"/users/{MailboxRequests.Segment(requests.UserId)}/mailFolders/{name}?$select=id", MailboxRequests.ImmutableIds)).ToList();
        var answers = await new BatchSender(client).SendAsync(parts, requests.UserId, RequestSubject.Folder, cancellation);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < wanted.Length; i++)
        {
            // Not every mailbox has every special folder; one that cannot be resolved just has no name in this round.
            if (answers[i].Failure is null && TolerantJson.GetText(answers[i].Body, "id") is { } id) names.TryAdd(id, wanted[i]);
        }

        return names;
    }

    private sealed class Round
    {
        public Dictionary<string, MailFolder> Changed { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Removed { get; } = new(StringComparer.Ordinal);

        public HashSet<string> SearchFolders { get; } = new(StringComparer.Ordinal);

        public string DeltaLink { get; set; } = "";

        /// <summary>The last word on a folder wins.</summary>
        public void Add(ReadOnlyMemory<byte> json)
        {
            using var document = JsonDocument.Parse(json);
            if (TolerantJson.GetText(document.RootElement, "id") is not { Length: > 0 } id) return;
            if (document.RootElement.TryGetProperty("@removed", out _))
            {
                Changed.Remove(id);
                Removed.Add(id);
                return;
            }

            Removed.Remove(id);
            if (TolerantJson.GetText(document.RootElement, "@odata.type") == SearchFolder) SearchFolders.Add(id);
            Changed[id] = MailFolder.Read(document.RootElement, id);
        }

        public void AddMissing(ReadOnlyMemory<byte> json)
        {
            using var document = JsonDocument.Parse(json);
            if (TolerantJson.GetText(document.RootElement, "id") is { Length: > 0 } id && !Changed.ContainsKey(id)) Add(json);
        }
    }
}
