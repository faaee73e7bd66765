using System.Collections.Immutable;
using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using OrleansBackup.Domain.Runs;
using OrleansBackup.Grains.Budget;
using OrleansBackup.Grains.Mailboxes.Exports;
using OrleansBackup.Grains.Resources;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Mailboxes;

/// <summary>One run over the mail of one mailbox, from the first folder to the last message that left.</summary>
/// <remarks>
/// Several folders are read at once, but one flow applies their pages, so the vault has one writer. Every segment carries the links reached, so
/// an interrupted run goes on after its last segment; a page applied twice changes nothing.
/// </remarks>
internal sealed class MailRun : IDisposable
{
    private const int PagesAhead = 2;
    private const string StoredBytesDamaged = "StoredBytesDamaged";

    private readonly RunSession _session;
    private readonly MailboxReader _reader;
    private readonly RunWriter _writer;
    private readonly RunBoard _board;
    private readonly DebtBook _debts;
    private readonly Departures _departures;
    private readonly MessageIntake _intake;
    private MailCheckpoint _checkpoint;

    public MailRun(RunSession session, MailboxReader reader, ItemExports? exports = null)
    {
        (_session, _reader, _writer, _board) = (session, reader, session.Writer, session.Board);
        _debts = session.DebtsOf(ItemIds.Mail);
        _intake = new MessageIntake(reader, session, _debts, exports);
        _departures = new Departures(reader, _writer, _intake);
        _checkpoint = MailCheckpoint.Parse(session.CheckpointOf(ItemIds.Mail));
        session.KeepCheckpoint(ItemIds.Mail, () => _checkpoint.ToString());
        if (session.Request.CompareListing)
            RequireListing();
    }

    public void Dispose() => _intake.Dispose();

    public async Task BackUpAsync(CancellationToken cancellation)
    {
        await _departures.ResumeAsync(cancellation);
        await HealAsync(cancellation);
        await RetryDebtsAsync(cancellation);
        var folders = await ReadFoldersAsync(cancellation);
        await ReadMessagesAsync(folders, cancellation);
        if (_departures.Count > Departures.MostAskedFor)
            RequireListing();
        var comparison = _checkpoint.ListingNeeded ? await CompareAsync(folders, cancellation) : null;
        var removed = await _departures.SettleAsync(folders, cancellation);
        _board.Count(counts => counts with { Removed = counts.Removed + removed });
        if (comparison is { IsWhole: true })
        {
            _session.Note(PointDetails.ComparedAt, _session.Time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture));
            _session.Note(PointDetails.Listed, comparison.Listed.ToString(CultureInfo.InvariantCulture));
        }
        _checkpoint = _checkpoint with { ListingNeeded = false }; // what it put right stands before this in the same log
    }

    /// <summary>Downloads again what is stored but damaged. Equal bytes take their old place, and every restore point that names them is whole again.</summary>
    private async Task HealAsync(CancellationToken cancellation)
    {
        var damaged = _session.ToHealOf(ItemIds.Mail);
        if (!damaged.IsEmpty)
            _board.Step($"Downloading {damaged.Length} messages again whose stored bytes are damaged");
        foreach (var id in damaged)
            if (await _writer.FindAsync(id, cancellation) is { Kind: ItemKinds.Message } item)
                await _intake.RetryAsync(new GrainInterfaces.Resources.ItemDebt(id, item.ParentId, item.Name, StoredBytesDamaged, _session.Time.GetUtcNow(), 1), cancellation);
    }

    private async Task RetryDebtsAsync(CancellationToken cancellation)
    {
        var debts = await _debts.ReadAsync(cancellation);
        if (debts.IsEmpty)
            return;
        _board.Step($"Trying {debts.Length} messages again that could not be read before");
        foreach (var debt in debts)
        {
            if (MessageIntake.MayRest(debt) && !_checkpoint.ListingNeeded)
                _debts.Rest(debt);
            else
                await _intake.RetryAsync(debt, cancellation);
            if (DebtItem.IsOfFolder(debt.ItemId))
                RequireListing(); // only a listing of the whole folder settles it
        }
    }

    private async Task<FolderTree> ReadFoldersAsync(CancellationToken cancellation)
    {
        _board.Step("Reading the tree of folders");
        // A run that compares takes no token's word for the tree either: a folder that change tracking never told of would be compared with nothing.
        var round = await _reader.ReadFoldersAsync(_checkpoint.ListingNeeded ? null : _checkpoint.FoldersLink, cancellation);
        var known = await FolderTree.ReadAsync(_writer.ItemsAsync(new ItemFilter(ItemKinds.MailFolder, null), cancellation), cancellation);
        foreach (var folder in round.Changed)
            if (MailFolderItem.Of(folder) is var item && known.Find(folder.Id) != item)
                await _writer.UpsertAsync(item.Write(), cancellation);
        var gone = round.Removed.AsEnumerable();
        if (round.IsFull)
            gone = gone.Concat(known.All.Select(folder => folder.Id).Except(round.Changed.Select(folder => folder.Id), StringComparer.Ordinal));
        foreach (var id in gone.Distinct(StringComparer.Ordinal).Where(id => known.Find(id) is not null))
            await RemoveFolderAsync(id, cancellation);
        _checkpoint = _checkpoint with { FoldersLink = round.DeltaLink is { Length: > 0 } link ? link : null };

        var folders = await FolderTree.ReadAsync(_writer.ItemsAsync(new ItemFilter(ItemKinds.MailFolder, null), cancellation), cancellation);
        var expected = known.All.Count == 0 ? round.Changed.Sum(folder => (long)folder.TotalItemCount) : 0;
        _board.Update(progress => progress with { ItemsExpected = expected, Counts = progress.Counts with { Folders = folders.All.Count } });
        return folders;
    }

    private async Task RemoveFolderAsync(string folderId, CancellationToken cancellation)
    {
        await foreach (var item in _writer.ItemsAsync(new ItemFilter(ItemKinds.Message, folderId), cancellation))
            await _departures.MarkAsync(item.Id, folderId, cancellation);
        await foreach (var debt in _writer.ItemsAsync(new ItemFilter(ItemKinds.Debt, folderId), cancellation))
            await _writer.RemoveAsync(debt.Id, cancellation);
        await _writer.RemoveAsync(folderId, cancellation);
        _checkpoint = _checkpoint.WithoutFolder(folderId);
    }

    private async Task ReadMessagesAsync(FolderTree folders, CancellationToken cancellation)
    {
        _board.Step($"Reading changes of {folders.All.Count} folders");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var pages = Channel.CreateBounded<FolderPage>(new BoundedChannelOptions(PagesAhead) { SingleReader = true });
        var links = _checkpoint.FolderLinks; // readers look at the links as they were; only the applying flow moves them on
        var reading = ReadAheadAsync([.. folders.All], links, pages.Writer, stop.Token);
        try
        {
            var rounds = new Dictionary<string, FolderReconciliation?>(StringComparer.Ordinal);
            await foreach (var page in pages.Reader.ReadAllAsync(stop.Token))
                await ApplyAsync(page, rounds, stop.Token);
        }
        catch
        {
            await stop.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
        await reading;
    }

    private async Task ReadAheadAsync(
        ImmutableArray<FolderItem> folders, ImmutableSortedDictionary<string, string> links, ChannelWriter<FolderPage> pages, CancellationToken cancellation)
    {
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = _session.Options.ItemsAtOnce, CancellationToken = cancellation };
            await Parallel.ForEachAsync(folders, options, async (folder, token) =>
            {
                var link = links.GetValueOrDefault(folder.Id);
                try
                {
                    await foreach (var page in _reader.ReadMessagesAsync(folder.Id, link, token))
                        await pages.WriteAsync(new FolderPage(folder.Id, page, StartedFromNothing: link is null), token);
                }
                catch (FolderGoneException)
                {
                    await pages.WriteAsync(new FolderPage(folder.Id, null, false), token); // went between the two rounds
                }
            });
            pages.Complete();
        }
        catch (Exception exception)
        {
            pages.Complete(exception);
        }
    }

    private async Task ApplyAsync(FolderPage folderPage, Dictionary<string, FolderReconciliation?> rounds, CancellationToken cancellation)
    {
        var folderId = folderPage.FolderId;
        if (folderPage.Page is not { } page)
        {
            // The next round of folders says what became of it: a whole one, since changes do not tell of all folders (hidden ones).
            _checkpoint = _checkpoint.WithoutFolder(folderId) with { FoldersLink = null };
            return;
        }
        // A round from nothing over a folder that holds items already: what it does not list has left the folder. Asked once, before
        // the round's own first page fills the folder.
        if (page.Restarted)
            rounds[folderId] = new FolderReconciliation();
        else if (!rounds.ContainsKey(folderId))
            rounds[folderId] = folderPage.StartedFromNothing && await HoldsItemsAsync(folderId, cancellation) ? new FolderReconciliation() : null;
        var reconciliation = rounds[folderId];

        foreach (var warning in page.Warnings)
            _session.Warn(warning);
        foreach (var change in page.Changes)
            if (change is MessageListed listed)
                reconciliation?.Saw(listed.Message.Id);
            else if (change is MessageUnlisted unlisted)
                reconciliation?.SawUnlisted(unlisted.Id);
        await _intake.TakeAsync(folderId, [.. page.Changes.OfType<MessageListed>().Select(listed => listed.Message)], cancellation);
        foreach (var change in page.Changes)
            await ApplyOtherAsync(folderId, change, cancellation);

        if (reconciliation is null)
            _checkpoint = page.Link.Length > 0 ? _checkpoint.WithFolder(folderId, page.Link) : _checkpoint.WithoutFolder(folderId);
        else if (page.IsLast)
            await ReconcileAsync(folderId, reconciliation, page.Link, cancellation);
        // A full round over known items keeps no link before its end: after a crash it begins again, and downloads nothing twice.
        await _session.CommitWhenDueAsync(cancellation);
    }

    private async Task ApplyOtherAsync(string folderId, MessageChange change, CancellationToken cancellation)
    {
        switch (change)
        {
            case MessageRemoved removed:
                await _departures.MarkAsync(removed.Id, folderId, cancellation);
                await _debts.ForgiveAsync(removed.Id, folderId, cancellation);
                break;
            case MessageUnlisted { Id: { } id } unlisted:
                await _debts.OweAsync(id, folderId, "", unlisted.Code, cancellation);
                break;
            case MessageUnlisted unlisted:
                _session.Warn($"Folder {folderId} holds an item that Microsoft 365 cannot list ({unlisted.Code}).");
                RequireListing(); // which one, another listing may tell; if it cannot, the folder goes to the debt list
                break;
        }
    }

    private async Task ReconcileAsync(string folderId, FolderReconciliation reconciliation, string link, CancellationToken cancellation)
    {
        await foreach (var item in _writer.ItemsAsync(new ItemFilter(ItemKinds.Message, folderId), cancellation))
            if (!reconciliation.HasSeen(item.Id) && (!reconciliation.IsIncomplete || await _intake.IsGoneAsync(item.Id, folderId, cancellation)))
                await _departures.MarkAsync(item.Id, folderId, cancellation);
        _checkpoint = link.Length > 0 ? _checkpoint.WithFolder(folderId, link) : _checkpoint.WithoutFolder(folderId);
        RequireListing(); // a token died: look with other eyes before sealing
    }

    /// <summary>Stands in the checkpoint beside the links that were reached without it, so that a run which goes on from there after a crash compares as well.</summary>
    private void RequireListing() => _checkpoint = _checkpoint with { ListingNeeded = true };

    private async Task<ListingResult> CompareAsync(FolderTree folders, CancellationToken cancellation)
    {
        var comparison = new ListingComparison(_reader, _session, _intake, _debts, _departures);
        var result = await comparison.CompareAsync(folders, cancellation);
        foreach (var warning in result.Warnings)
            _session.Warn(warning);
        return result;
    }

    private async Task<bool> HoldsItemsAsync(string folderId, CancellationToken cancellation)
    {
        await foreach (var _ in _writer.ItemsAsync(new ItemFilter(ItemKinds.Message, folderId), cancellation))
            return true;
        return false;
    }

    private sealed record FolderPage(string FolderId, MessagePage? Page, bool StartedFromNothing);
}

/// <summary>The ids that a full round has listed, to find what it has not.</summary>
internal sealed class FolderReconciliation
{
    private readonly HashSet<UInt128> _seen = [];

    /// <summary>The round met something that it could not even name: what it did not list may be there all the same.</summary>
    public bool IsIncomplete { get; private set; }

    public void Saw(string itemId) => _seen.Add(IdHash.Of(itemId));

    public void SawUnlisted(string? itemId)
    {
        if (itemId is null)
            IsIncomplete = true;
        else
            Saw(itemId);
    }

    public bool HasSeen(string itemId) => _seen.Contains(IdHash.Of(itemId));
}
