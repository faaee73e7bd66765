using System.Collections.Immutable;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Mailboxes.Exports;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Items;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Mailboxes.Items;

/// <summary>Takes listed events, contacts and tasks into the vault: reads those that changed, several at once, and owes what cannot be read.</summary>
internal sealed class ItemIntake(ItemPartKind kind, IItemSource source, RunSession session, DebtBook debts, ItemExports? exports = null) : IDisposable
{
    private const string PartsMissing = "PartsMissing";

    private readonly SemaphoreSlim _reads = new(session.Options.ItemsAtOnce);
    private readonly RunWriter _writer = session.Writer;

    public void Dispose() => _reads.Dispose();

    public async Task TakeAsync(ImmutableArray<ListedItem> items, CancellationToken cancellation, bool always = false)
    {
        var wanted = new List<(ListedItem Item, bool Known)>();
        foreach (var item in items)
        {
            if (_writer.IsErased(kind.IdOf(item.Id)))
                continue;
            var stored = await _writer.FindAsync(kind.IdOf(item.Id), cancellation);
            if (always || stored is null || stored.Properties.GetValueOrDefault(ItemRecord.Mark) != item.Mark || item.Mark.Length == 0)
                wanted.Add((item, stored is not null));
            else if (stored.ParentId != kind.IdOf(item.ContainerId))
                await _writer.UpsertAsync(stored with { ParentId = kind.IdOf(item.ContainerId) }, cancellation);
        }
        var outcomes = await Task.WhenAll(wanted.Select(want => ReadAsync(want.Item, cancellation)));
        foreach (var ((item, known), (record, error)) in wanted.Zip(outcomes))
            await ApplyAsync(item, known, record, error, cancellation);
    }

    /// <summary>Tries an item of the debt list again.</summary>
    public async Task TryAgainAsync(ItemDebt debt, CancellationToken cancellation)
    {
        try
        {
            if (await source.TryReadAsync(ItemIds.GraphIdOf(debt.ItemId), ItemIds.GraphIdOf(debt.FolderId ?? ""), cancellation) is { } item)
                await TakeAsync([item], cancellation, always: true);
            else
                await debts.ForgiveAsync(debt.ItemId, null, cancellation); // gone: nothing is owed any more, and the round takes it out of the point
        }
        catch (Exception exception) when (DebtBook.IsOfItem(exception))
        {
            debts.ThrowOnBadDay(exception);
            await debts.OweAsync(debt.ItemId, debt.FolderId, debt.Subject, DebtBook.CodeOf(exception), cancellation);
        }
    }

    /// <summary>Takes an item that left its container and lies in another of these by now. False: it is gone.</summary>
    public async Task<bool> TakeMovedAsync(string itemId, string parentId, IReadOnlySet<string> containers, CancellationToken cancellation)
    {
        try
        {
            if (await source.TryReadAsync(ItemIds.GraphIdOf(itemId), ItemIds.GraphIdOf(parentId), cancellation) is not { } item || !containers.Contains(item.ContainerId))
                return false;
            await TakeAsync([item], cancellation);
        }
        catch (Exception exception) when (DebtBook.IsOfItem(exception))
        {
            debts.ThrowOnBadDay(exception);
            await debts.OweAsync(itemId, parentId, "", DebtBook.CodeOf(exception), cancellation); // it is there and cannot be read
        }
        return true;
    }

    private async Task<(ItemVersion? Record, string? Error)> ReadAsync(ListedItem item, CancellationToken cancellation)
    {
        await _reads.WaitAsync(cancellation);
        try
        {
            await using var fetched = await source.FetchAsync(item, cancellation);
            var record = await StoreAsync(fetched, cancellation);
            debts.CountSuccess();
            return (record, fetched.LacksParts ? PartsMissing : null);
        }
        catch (ItemGoneException)
        {
            return (null, null); // deleted in the meantime; the next round tells
        }
        catch (Exception exception) when (DebtBook.IsOfItem(exception))
        {
            debts.ThrowOnBadDay(exception);
            return (null, DebtBook.CodeOf(exception));
        }
        finally
        {
            _reads.Release();
        }
    }

    private async Task<ItemVersion> StoreAsync(FetchedItem fetched, CancellationToken cancellation)
    {
        var contents = ImmutableSortedDictionary.CreateBuilder<string, ContentReference>(StringComparer.Ordinal);
        contents[ContentRoles.Json] = await _writer.StoreAsync(fetched.Item.Json, cancellation);
        if (fetched.Photo is { } photo)
            contents[ContentRoles.Photo] = await _writer.StoreAsync(photo, cancellation);
        var entries = ImmutableArray.CreateBuilder<ItemAttachmentEntry>(fetched.Attachments.Length);
        foreach (var (attachment, occurrence) in fetched.Attachments)
        {
            long size = 0;
            contents[ItemRecord.AttachmentProperties(entries.Count)] = await _writer.StoreAsync(attachment.Json, cancellation);
            if (attachment.Content is { } content)
            {
                var reference = await _writer.StoreAsync(content, cancellation);
                contents[ItemRecord.AttachmentContent(entries.Count)] = reference;
                size = reference.Length;
            }
            entries.Add(new ItemAttachmentEntry(attachment.Name, attachment.ContentType ?? "", attachment.Kind.ToString(), size, attachment.IsInline, attachment.Failure, occurrence));
        }
        var record = ItemRecord.Of(kind, fetched.Item, entries.ToImmutable(), fetched.Warnings, contents.ToImmutable());
        session.Board.Count(counts => counts with { DownloadedBytes = counts.DownloadedBytes + record.Size });
        return record;
    }

    private async Task ApplyAsync(ListedItem item, bool known, ItemVersion? record, string? error, CancellationToken cancellation)
    {
        if (record is not null)
        {
            await _writer.UpsertAsync(record, cancellation);
            if (exports is not null)
                await exports.WantAsync(record.Id, record.Size, cancellation);
            session.Board.Count(counts => known ? counts with { Changed = counts.Changed + 1 } : counts with { Added = counts.Added + 1 });
        }
        if (error is not null)
            await debts.OweAsync(kind.IdOf(item.Id), kind.IdOf(item.ContainerId), item.Name, error, cancellation);
        else if (record is not null)
            await debts.ForgiveAsync(kind.IdOf(item.Id), null, cancellation);
    }
}
