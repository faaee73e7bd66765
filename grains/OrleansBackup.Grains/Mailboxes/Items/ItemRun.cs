using System.Collections.Immutable;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Mailboxes.Exports;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Items;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Mailboxes.Items;

/// <summary>One run over a mailbox's calendars, contacts or tasks, container after container.</summary>
/// <remarks>
/// A round that enumerates keeps its link only when everything that it did not list is settled, and a round of changes settles removals page by page: so a run
/// that is interrupted anywhere goes on without missing one. What left a container is asked for by its id before it is called gone, since it may have moved.
/// </remarks>
internal sealed class ItemRun : IDisposable
{
    // More than so many unlisted items are not asked for one by one, unless something could not be listed at all.
    private const int MostAskedFor = 500;

    private readonly ItemPartKind _kind;
    private readonly IItemSource _source;
    private readonly RunSession _session;
    private readonly RunWriter _writer;
    private readonly DebtBook _debts;
    private readonly ItemIntake _intake;
    private readonly HashSet<string> _containers = new(StringComparer.Ordinal);
    private ItemCheckpoint _checkpoint;

    public ItemRun(ItemPartKind kind, IItemSource source, RunSession session, ItemExports? exports = null)
    {
        (_kind, _source, _session, _writer) = (kind, source, session, session.Writer);
        _debts = session.DebtsOf(kind.Part);
        _intake = new ItemIntake(kind, source, session, _debts, exports);
        _checkpoint = ItemCheckpoint.Parse(session.CheckpointOf(kind.Part));
        session.KeepCheckpoint(kind.Part, () => _checkpoint.ToString());
    }

    public void Dispose() => _intake.Dispose();

    public async Task BackUpAsync(ImmutableArray<ItemContainer> containers, CancellationToken cancellation)
    {
        await TakeContainersAsync(containers, cancellation);
        await RetryAsync(cancellation);
        var missing = await OrphansAsync(cancellation);
        var links = new Dictionary<string, string>(StringComparer.Ordinal);
        var isIncomplete = false;
        foreach (var container in containers.Where(container => !container.IsGroup))
            try
            {
                isIncomplete |= await ReadAsync(container.Id, links, missing, cancellation);
            }
            catch (FolderGoneException)
            {
                _checkpoint = _checkpoint.With(container.Id, ""); // went just now; the next run sees what became of it
            }
        await SettleAsync(missing, isIncomplete, cancellation);
        foreach (var (container, link) in links)
            _checkpoint = _checkpoint.With(container, link);
    }

    private async Task TakeContainersAsync(ImmutableArray<ItemContainer> containers, CancellationToken cancellation)
    {
        foreach (var container in containers)
        {
            _containers.Add(container.Id);
            var folder = new FolderItem(_kind.IdOf(container.Id), container.ParentId is { } parent ? _kind.IdOf(parent) : null, container.Name, Hidden: false, container.WellKnownName)
            {
                Kind = container.IsGroup ? _kind.Group : _kind.Container,
            };
            var json = await _writer.StoreAsync(container.Json, cancellation);
            var item = folder.Write() with { Contents = ImmutableSortedDictionary<string, ContentReference>.Empty.Add(ContentRoles.Json, json) };
            if (await _writer.FindAsync(item.Id, cancellation) is not { } known || !known.Equals(item))
                await _writer.UpsertAsync(item, cancellation);
        }
        foreach (var kind in new[] { _kind.Container, _kind.Group }.Distinct())
        {
            var gone = new List<string>();
            await foreach (var known in _writer.ItemsAsync(new ItemFilter(kind), cancellation))
                if (!_containers.Contains(ItemIds.GraphIdOf(known.Id)))
                    gone.Add(known.Id);
            foreach (var id in gone)
                await _writer.RemoveAsync(id, cancellation);
        }
        _checkpoint = _checkpoint.Only(_containers);
    }

    private async Task RetryAsync(CancellationToken cancellation)
    {
        foreach (var debt in await _debts.ReadAsync(cancellation))
        {
            _debts.Know(debt);
            await _intake.TryAgainAsync(debt, cancellation);
        }
        foreach (var id in _session.ToHealOf(_kind.Part))
            if (await _writer.FindAsync(id, cancellation) is { } item && item.Kind == _kind.Item)
                await _intake.TryAgainAsync(new ItemDebt(id, item.ParentId, item.Name, "StoredBytesDamaged", _session.Time.GetUtcNow(), 1), cancellation);
    }

    /// <summary>Items whose container is not there any more.</summary>
    private async Task<Dictionary<string, string>> OrphansAsync(CancellationToken cancellation)
    {
        var orphans = new Dictionary<string, string>(StringComparer.Ordinal);
        await foreach (var item in _writer.ItemsAsync(new ItemFilter(_kind.Item), cancellation))
            if (item.ParentId is { } parent && !_containers.Contains(ItemIds.GraphIdOf(parent)))
                orphans[item.Id] = parent;
        return orphans;
    }

    /// <returns>True: something could not even be named.</returns>
    private async Task<bool> ReadAsync(string containerId, Dictionary<string, string> links, Dictionary<string, string> missing, CancellationToken cancellation)
    {
        var parent = _kind.IdOf(containerId);
        var known = new HashSet<UInt128>();
        await foreach (var item in _writer.ItemsAsync(new ItemFilter(_kind.Item, parent), cancellation))
            known.Add(IdHash.Of(item.Id));
        var seen = new HashSet<UInt128>();
        var isIncomplete = false;
        await foreach (var page in _source.ReadItemsAsync(containerId, _checkpoint.Links.GetValueOrDefault(containerId), isNew: known.Count == 0, cancellation))
        {
            if (page.Restarted)
                (seen, isIncomplete) = ([], false);
            foreach (var warning in page.Warnings)
                _session.Warn(warning);
            isIncomplete |= page.Unlisted > 0;
            if (page.Unlisted > 0)
                _session.Warn($"{page.Unlisted} items of {_kind.Part} could not be listed by Microsoft 365; those that are known stay as they were.");
            foreach (var item in page.Items)
                seen.Add(IdHash.Of(_kind.IdOf(item.Id)));
            await _intake.TakeAsync(page.Items, cancellation);
            foreach (var id in page.Removed)
                await SettleOneAsync(_kind.IdOf(id), parent, cancellation);
            if (page.IsLast && !page.IsFull)
                _checkpoint = _checkpoint.With(containerId, page.Link);
            else if (page.IsLast)
            {
                links[containerId] = isIncomplete ? "" : page.Link;
                await foreach (var item in _writer.ItemsAsync(new ItemFilter(_kind.Item, parent), cancellation))
                    if (!seen.Contains(IdHash.Of(item.Id)))
                        missing[item.Id] = parent;
            }
            await _session.CommitWhenDueAsync(cancellation);
        }
        return isIncomplete;
    }

    private async Task SettleAsync(Dictionary<string, string> missing, bool isIncomplete, CancellationToken cancellation)
    {
        var ask = isIncomplete || missing.Count <= MostAskedFor;
        foreach (var (id, parent) in missing)
        {
            if (ask)
                await SettleOneAsync(id, parent, cancellation);
            else if (await _writer.FindAsync(id, cancellation) is { } item && item.ParentId == parent)
                await RemoveAsync(id, cancellation);
            await _session.CommitWhenDueAsync(cancellation);
        }
        // What is owed and was never read has no other trace.
        var owed = new List<ItemDebt>();
        foreach (var debt in await _debts.ReadAsync(cancellation))
            if (debt.FolderId is { } folder && !_containers.Contains(ItemIds.GraphIdOf(folder)))
                owed.Add(debt);
        foreach (var debt in owed)
            await _debts.ForgiveAsync(debt.ItemId, null, cancellation);
    }

    /// <summary>The item is not in this container any more, as far as a listing tells.</summary>
    private async Task SettleOneAsync(string id, string parent, CancellationToken cancellation)
    {
        if (await _writer.FindAsync(id, cancellation) is { } item && item.ParentId != parent)
            return; // it has turned up in another one
        if (!await _intake.TakeMovedAsync(id, parent, _containers, cancellation))
            await RemoveAsync(id, cancellation);
    }

    private async Task RemoveAsync(string id, CancellationToken cancellation)
    {
        await _debts.ForgiveAsync(id, null, cancellation);
        if (await _writer.FindAsync(id, cancellation) is null)
            return;
        await _writer.RemoveAsync(id, cancellation);
        _session.Board.Count(counts => counts with { Removed = counts.Removed + 1 });
    }
}
