using System.Collections.Immutable;
using System.Globalization;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Sites;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Sites;

/// <summary>One run over the lists of a site: each list by its changes, and at its end nothing left of what is gone.</summary>
/// <remarks>
/// Every segment carries the links reached, so an interrupted run goes on after its last segment; a page applied twice changes nothing. A round from
/// nothing over a list that is known keeps no link before its end.
/// </remarks>
internal sealed class ListsRun
{
    private const int AttemptsBeforeRest = 3;
    private const int FetchedAtOnce = 20;

    /// <summary>Detail of a point: how many list items have attachments, which Graph does not hand out.</summary>
    public const string AttachmentsDetail = "without-attachments";

    private readonly RunSession _session;
    private readonly SiteReader _reader;
    private readonly RunWriter _writer;
    private readonly DebtBook _debts;
    private readonly JsonIntake _intake;
    private ListsCheckpoint _checkpoint;

    public ListsRun(RunSession session, SiteReader reader)
    {
        (_session, _reader, _writer) = (session, reader, session.Writer);
        _debts = session.DebtsOf(SiteItems.Lists);
        _intake = new JsonIntake(session, _debts, SiteItems.Lists);
        _checkpoint = ListsCheckpoint.Parse(session.CheckpointOf(SiteItems.Lists));
        session.KeepCheckpoint(SiteItems.Lists, () => _checkpoint.ToString());
        if (session.Request.CompareListing)
            _checkpoint = _checkpoint with { CompareNeeded = true };
    }

    public async Task BackUpAsync(CancellationToken cancellation)
    {
        var lists = await ReadListsAsync(cancellation);
        await RetryAsync(cancellation);
        foreach (var list in lists)
            await ReadItemsAsync(list, cancellation);
        if (_checkpoint.CompareNeeded)
            await CompareAsync(lists, cancellation);
        _checkpoint = _checkpoint with { CompareNeeded = false };
        await CountAttachmentsAsync(cancellation);
    }

    private async Task<ImmutableArray<SiteList>> ReadListsAsync(CancellationToken cancellation)
    {
        _session.Board.Step("Reading the lists of the site");
        ImmutableArray<SiteList> lists = [.. (await _reader.ReadListsAsync(cancellation)).Where(list => list.HoldsItems)];
        foreach (var list in lists)
            await _intake.TakeAsync(SiteItems.List(_reader.SiteId, list), list.Json, eTag: null, cancellation);
        var living = lists.Select(list => SiteItems.ListId(list.Id)).ToHashSet(StringComparer.Ordinal);
        var gone = new List<ItemVersion>();
        await foreach (var known in _writer.ItemsAsync(new ItemFilter(ItemKinds.List, null), cancellation))
            if (!living.Contains(known.Id))
                gone.Add(known);
        foreach (var list in gone)
        {
            await EmptyAsync(list.Id, cancellation);
            await _intake.RemoveAsync(list.Id, cancellation);
            _checkpoint = _checkpoint.WithLink(ItemIds.GraphIdOf(list.Id), "");
        }
        _session.Board.Count(counts => counts with { Folders = counts.Folders + lists.Length });
        return lists;
    }

    private async Task EmptyAsync(string listItemId, CancellationToken cancellation)
    {
        await _intake.RemoveOthersAsync(new ItemFilter(ItemKinds.ListItem, listItemId), _ => false, cancellation);
        foreach (var debt in await _debts.ReadAsync(cancellation))
            if (debt.FolderId == listItemId)
                await _writer.RemoveAsync(DebtItem.IdOf(debt.ItemId), cancellation);
    }

    /// <summary>What is owed, and what is stored but damaged, is asked for again.</summary>
    private async Task RetryAsync(CancellationToken cancellation)
    {
        var wanted = new List<string>(_session.ToHealOf(SiteItems.Lists).Where(id => ItemIds.ContainerIdOf(id) is not null));
        foreach (var debt in await _debts.ReadAsync(cancellation))
        {
            if (debt.Attempts >= AttemptsBeforeRest && !_checkpoint.CompareNeeded)
            {
                _debts.Rest(debt);
                continue;
            }
            _debts.Know(debt);
            wanted.Add(debt.ItemId);
        }
        if (wanted.Count > 0)
            _session.Board.Step($"Trying {wanted.Count} list items again");
        foreach (var list in wanted.Distinct(StringComparer.Ordinal).GroupBy(id => ItemIds.ContainerIdOf(id)!))
            await FetchAsync(list.Key, [.. list.Select(ItemIds.GraphIdOf)], cancellation);
    }

    private async Task ReadItemsAsync(SiteList list, CancellationToken cancellation)
    {
        _session.Board.Step($"Reading the changes of list '{list.Name}'");
        var hasItems = await HoldsItemsAsync(list.Id, cancellation);
        HashSet<UInt128>? seen = null;
        try
        {
            await foreach (var page in _reader.ReadItemsAsync(list.Id, _checkpoint.Links.GetValueOrDefault(list.Id), cancellation))
            {
                if (page.Warning is { } warning)
                    _session.Warn($"List '{list.Name}': {warning}");
                if (page.Restarted)
                    seen = hasItems ? [] : null;
                await ApplyAsync(list, page, seen, cancellation);
                hasItems |= !page.Entries.IsEmpty; // a round that begins again in the middle begins over what it has brought by then
                if (page.IsLast && seen is not null)
                    await _intake.RemoveOthersAsync(new ItemFilter(ItemKinds.ListItem, SiteItems.ListId(list.Id)), item => seen.Contains(IdHash.Of(item.Id)), cancellation);
                if (page.IsLast || seen is null)
                    _checkpoint = _checkpoint.WithLink(list.Id, page.Link);
                await _session.CommitWhenDueAsync(cancellation);
            }
        }
        catch (ItemGoneException)
        {
            _checkpoint = _checkpoint.WithLink(list.Id, ""); // went since the lists were read: the next run takes it out
        }
    }

    private async Task ApplyAsync(SiteList list, ListPage page, HashSet<UInt128>? seen, CancellationToken cancellation)
    {
        // The last occurrence counts, also when it is a deletion of what came before it in the page.
        foreach (var entry in page.Entries.Reverse().DistinctBy(entry => entry.Id).Reverse())
        {
            var id = SiteItems.ItemId(list.Id, entry.Id);
            if (entry.IsDeleted)
                seen?.Remove(IdHash.Of(id));
            else
                seen?.Add(IdHash.Of(id));
            await TakeAsync(list.Id, entry, cancellation);
        }
    }

    private async Task TakeAsync(string listId, ListEntry entry, CancellationToken cancellation)
    {
        var id = SiteItems.ItemId(listId, entry.Id);
        if (entry.IsDeleted)
            await _intake.RemoveAsync(id, cancellation);
        else if (entry.Problem is { } problem)
            await _debts.OweAsync(id, SiteItems.ListId(listId), "", problem, cancellation);
        else if (!await _intake.HasAsync(id, entry.ETag, cancellation))
            await _intake.TakeAsync(SiteItems.Item(listId, entry), entry.Json, entry.ETag, cancellation);
    }

    /// <returns>How many there still were.</returns>
    private async Task<int> FetchAsync(string listId, IReadOnlyList<string> graphIds, CancellationToken cancellation)
    {
        var found = 0;
        foreach (var chunk in graphIds.Chunk(FetchedAtOnce))
        {
            var entries = await _reader.FetchItemsAsync(listId, chunk, cancellation);
            foreach (var entry in entries)
                await TakeAsync(listId, entry, cancellation);
            found += entries.Count;
            foreach (var gone in chunk.Except(entries.Select(entry => entry.Id), StringComparer.Ordinal))
                await _intake.RemoveAsync(SiteItems.ItemId(listId, gone), cancellation);
            await _session.CommitWhenDueAsync(cancellation);
        }
        return found;
    }

    private async Task CompareAsync(ImmutableArray<SiteList> lists, CancellationToken cancellation)
    {
        _session.Board.Step("Comparing the lists with plain listings");
        long listed = 0, healed = 0;
        foreach (var list in lists)
        {
            var (seen, missing) = (new HashSet<UInt128>(), new List<string>());
            try
            {
                await foreach (var entry in _reader.ListItemsAsync(list.Id, cancellation))
                {
                    var id = SiteItems.ItemId(list.Id, entry.Id);
                    listed += seen.Add(IdHash.Of(id)) ? 1 : 0;
                    if (!_debts.Owes(id) && !await _intake.HasAsync(id, entry.ETag, cancellation))
                        missing.Add(entry.Id);
                }
            }
            catch (Exception exception) when (exception is ItemGoneException || DebtBook.IsOfItem(exception))
            {
                _session.Warn($"List '{list.Name}' could not be compared with a listing ({DebtBook.CodeOf(exception)}).");
                continue;
            }
            // An item of the table that a listing leaves out is asked for: listings have missed what changed meanwhile.
            var extra = new List<string>();
            await foreach (var item in _writer.ItemsAsync(new ItemFilter(ItemKinds.ListItem, SiteItems.ListId(list.Id)), cancellation))
                if (!seen.Contains(IdHash.Of(item.Id)))
                    extra.Add(ItemIds.GraphIdOf(item.Id));
            healed += await FetchAsync(list.Id, missing, cancellation);
            healed += extra.Count - await FetchAsync(list.Id, extra, cancellation);
        }
        _session.Board.Count(counts => counts with { Healed = counts.Healed + healed });
        if (healed > 0)
            _session.Warn($"{healed} list items differed from an independent listing of Microsoft 365 and were put right.");
        _session.Note(PointDetails.ComparedAt, _session.Time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture));
        _session.Note(PointDetails.Listed, listed.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>What Graph keeps back is named in the point itself.</summary>
    private async Task CountAttachmentsAsync(CancellationToken cancellation)
    {
        long with = 0;
        await foreach (var item in _writer.ItemsAsync(new ItemFilter(ItemKinds.ListItem, null), cancellation))
            with += item.Properties.ContainsKey(SiteItems.AttachmentsProperty) ? 1 : 0;
        if (with > 0)
            _session.Note(AttachmentsDetail, with.ToString(CultureInfo.InvariantCulture));
    }

    private async Task<bool> HoldsItemsAsync(string listId, CancellationToken cancellation)
    {
        await foreach (var _ in _writer.ItemsAsync(new ItemFilter(ItemKinds.ListItem, SiteItems.ListId(listId)), cancellation))
            return true;
        return false;
    }
}
