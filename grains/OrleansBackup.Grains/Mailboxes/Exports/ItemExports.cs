using System.Collections.Immutable;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Exports;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Mailboxes.Exports;

/// <summary>Adds to the items of one run what Exchange takes back exactly: its own form of each, where the tenant permits that.</summary>
/// <remarks>
/// The parts of a mailbox say which items they stored without an export; these wait until there are enough for full requests, over all folders. An item that has an
/// export is the item of which it is one: whatever changes the item takes the export away. The checkpoint says whether any may lack theirs, so a run that was
/// interrupted, or in which this way was closed, is made up for and nothing else is ever looked through.
/// </remarks>
internal sealed class ItemExports
{
    private static readonly ImmutableArray<string> Kinds = [ItemKinds.Message, ItemKinds.Event, ItemKinds.Contact, ItemKinds.Task];

    private readonly GraphClient _client;
    private readonly string _mailboxId;
    private readonly ExportOptions _options;
    private readonly ExportRunOptions _running;
    private readonly List<(string ItemId, long Size)> _waiting = [];
    private RunSession _session = null!;
    private DebtBook _debts = null!;
    private ExportCheckpoint _checkpoint = null!;
    private ExchangeMailbox _mailbox = null!;
    private ItemExporter _exporter = null!;
    private ExportAccess? _access;
    private bool _missed;
    private bool _isPassing;
    private int _failuresInARow;

    /// <param name="mailbox">Object id of the mailbox's user.</param>
    public ItemExports(GraphClient client, string mailbox, ExportOptions options, ExportRunOptions running) =>
        (_client, _mailboxId, _options, _running) = (client, mailbox, options, running);

    /// <summary>Called by each part when it begins; the first call reads what earlier runs left.</summary>
    public void Join(RunSession session)
    {
        if (_session is not null)
            return;
        _session = session;
        _debts = session.DebtsOf(ItemIds.Exports);
        var text = session.CheckpointOf(ItemIds.Exports);
        _checkpoint = ExportCheckpoint.Parse(text);
        _mailbox = new ExchangeMailbox(_client, _mailboxId, _checkpoint.MailboxId);
        _exporter = new ItemExporter(_mailbox, _options);
        if (text is not null)
            session.KeepCheckpoint(ItemIds.Exports, Current);
    }

    /// <summary>Whether items are exported in this run. Looks at the first call.</summary>
    public async Task<bool> IsOpenAsync(CancellationToken cancellation)
    {
        if (_access is not null)
            return _access.IsOpen;
        _access = await _mailbox.CheckExportAsync(cancellation);
        if (_access.IsOpen)
        {
            _checkpoint = _checkpoint with { Permitted = true, MailboxId = _mailbox.Id };
            _session.KeepCheckpoint(ItemIds.Exports, Current);
        }
        return _access.IsOpen;
    }

    /// <summary>An item was stored that has no export, or none of what it is now.</summary>
    /// <param name="size">Bytes that the export may have.</param>
    public async Task WantAsync(string itemId, long size, CancellationToken cancellation)
    {
        if (!await IsOpenAsync(cancellation))
        {
            _missed = true;
            return;
        }
        _waiting.Add((itemId, size));
        if (_waiting.Count >= _running.WaitFor)
            await FlushAsync(cancellation);
    }

    /// <summary>Exports what still waits, tries again what is owed, and goes on with older items. The last part of a run.</summary>
    public async Task CompleteAsync(CancellationToken cancellation)
    {
        if (!await IsOpenAsync(cancellation))
        {
            if (!_isPassing)
                Close();
            return;
        }
        _session.Board.Step("Exporting what is new");
        await FlushAsync(cancellation);
        await RetryAsync(cancellation);
        if (_access!.IsOpen && (_missed || !_checkpoint.IsWhole))
            await FillAsync(cancellation);
        if (_access.IsOpen)
            _session.Note(PointDetails.Exports, _checkpoint.IsWhole && !_missed ? "whole" : "filling");
    }

    private string Current() => (_checkpoint with { IsWhole = _checkpoint.IsWhole && !_missed && _waiting.Count == 0 }).ToString();

    /// <summary>Losing a permission that was there is worth a warning once; never having had it is the customer's choice.</summary>
    private void Close()
    {
        var reason = _access!.Reason ?? "It is closed.";
        _session.Note(PointDetails.Exports, "closed");
        if (!_checkpoint.Permitted && _session.CheckpointOf(ItemIds.Exports) is null)
            return;
        _session.Note(PointDetails.Lacks + ItemIds.Exports, reason);
        if (_checkpoint.Permitted)
            _session.Warn($"Items are no longer kept in Exchange's own form, only in the readable one: {reason}");
        _checkpoint = _checkpoint with { Permitted = false, IsWhole = _checkpoint.IsWhole && !_missed };
        _session.KeepCheckpoint(ItemIds.Exports, Current);
    }

    private async Task RetryAsync(CancellationToken cancellation)
    {
        foreach (var debt in await _debts.ReadAsync(cancellation))
        {
            if (_debts.Owes(debt.ItemId))
                continue; // this very run has tried
            _debts.Know(debt);
            var itemId = debt.ItemId[(ItemIds.Exports.Length + 1)..];
            if (await _session.Writer.FindAsync(itemId, cancellation) is not { } item || item.Contents.ContainsKey(ContentRoles.Export))
                await _debts.ForgiveAsync(debt.ItemId, null, cancellation);
            else if (_access!.IsOpen)
                await WantAsync(itemId, item.Size, cancellation);
        }
        await FlushAsync(cancellation);
    }

    private async Task FillAsync(CancellationToken cancellation)
    {
        _session.Board.Step("Exporting older items");
        var left = _running.OlderItemsPerRun;
        foreach (var kind in Kinds)
        {
            await foreach (var item in _session.Writer.ItemsAsync(new ItemFilter(kind), cancellation))
            {
                if (item.Contents.ContainsKey(ContentRoles.Export) || _debts.Owes(DebtOf(item.Id)))
                    continue;
                if (left-- == 0)
                {
                    await FlushAsync(cancellation);
                    return; // the next run goes on
                }
                await WantAsync(item.Id, item.Size, cancellation);
                if (!_access!.IsOpen)
                    return;
            }
        }
        await FlushAsync(cancellation);
        if (_access!.IsOpen)
            (_checkpoint, _missed) = (_checkpoint with { IsWhole = true }, false);
    }

    private async Task FlushAsync(CancellationToken cancellation)
    {
        if (_waiting.Count == 0)
            return;
        var wanted = new List<(ItemVersion Item, long Size)>();
        foreach (var (itemId, size) in _waiting.DistinctBy(waiting => waiting.ItemId))
            if (await _session.Writer.FindAsync(itemId, cancellation) is { } item && !item.Contents.ContainsKey(ContentRoles.Export))
                wanted.Add((item, size)); // it may have been removed or exported meanwhile
        foreach (var batches in ExportBatches.Split(wanted, want => want.Size, _options).Chunk(_session.Options.ItemsAtOnce))
        {
            if (!_access!.IsOpen)
                break;
            var answers = await Task.WhenAll(batches.Select(batch => ExportAsync([.. batch.Select(want => want.Item)], cancellation)));
            foreach (var (item, content, failure) in answers.SelectMany(answer => answer))
                await ApplyAsync(item, content, failure, cancellation);
            await _session.CommitWhenDueAsync(cancellation); // what waits is still counted as waiting: a crash here makes the next run look
        }
        _missed |= !_access!.IsOpen;
        _waiting.Clear();
    }

    private async Task<IReadOnlyList<(ItemVersion Item, ContentReference? Content, string? Failure)>> ExportAsync(IReadOnlyList<ItemVersion> items, CancellationToken cancellation)
    {
        try
        {
            var answers = await _exporter.ExportAsync([.. items.Select(item => ItemIds.GraphIdOf(item.Id))], async (stream, token) => await _session.Writer.StoreAsync(stream, token), cancellation);
            return [.. items.Zip(answers, (item, answer) => (item, answer.Content, answer.Failure))];
        }
        catch (Exception exception) when (exception is TenantAccessException { Problem: TenantAccessProblem.PermissionMissing } or MailboxUnavailableException { Problem: MailboxProblem.AccessDenied })
        {
            GiveUp(exception.Message);
        }
        catch (GraphTransientException exception)
        {
            GiveUp(exception.Message, isPassing: true);
        }
        return [];
    }

    private async Task ApplyAsync(ItemVersion item, ContentReference? content, string? failure, CancellationToken cancellation)
    {
        var debt = DebtOf(item.Id);
        if (content is not null)
        {
            _failuresInARow = 0;
            await _session.Writer.UpsertAsync(item with { Contents = item.Contents.SetItem(ContentRoles.Export, content) }, cancellation);
            _session.Board.Count(counts => counts with { DownloadedBytes = counts.DownloadedBytes + content.Length });
            await _debts.ForgiveAsync(debt, null, cancellation);
            return;
        }
        // One after the other is no bad item: the interface does not know our ids, or does not work today.
        if (++_failuresInARow >= _session.Options.FailuresUntilGivingUp)
            GiveUp($"The service hands nothing over ({failure}).", isPassing: true);
        await _debts.OweAsync(debt, item.ParentId, item.Name, failure ?? "Unknown", cancellation);
    }

    private void GiveUp(string reason, bool isPassing = false)
    {
        if (!_access!.IsOpen)
            return;
        _access = new ExportAccess(false, reason);
        (_missed, _isPassing) = (true, isPassing);
        if (isPassing)
        {
            _session.Note(PointDetails.Lacks + ItemIds.Exports, reason);
            _session.Warn($"Not all items could be kept in Exchange's own form today; the next run goes on: {reason}");
        }
        else
            Close();
    }

    private static string DebtOf(string itemId) => ItemIds.Of(ItemIds.Exports, itemId);
}

/// <summary>The exports as the last part of a mailbox's run.</summary>
internal sealed class ExportsPart(ItemExports exports) : IRunPart
{
    public string Name => ItemIds.Exports;

    public bool IsEssential => false;

    public Task BackUpAsync(RunSession session, CancellationToken cancellation)
    {
        exports.Join(session);
        return exports.CompleteAsync(cancellation);
    }
}
