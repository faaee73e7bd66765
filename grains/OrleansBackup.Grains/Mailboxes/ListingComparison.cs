using System.Collections.Immutable;
using OrleansBackup.Grains.Resources;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Mailboxes;

/// <summary>What an independent listing said.</summary>
/// <param name="Listed">Items that it listed.</param>
/// <param name="Healed">Items that change tracking had missed or kept wrongly, put right before sealing.</param>
/// <param name="IsWhole">Every folder could be compared.</param>
internal sealed record ListingResult(long Listed, long Healed, bool IsWhole, ImmutableArray<string> Warnings);

/// <summary>Compares what is about to be sealed with a plain listing of Microsoft 365: count and ids, never only with itself.</summary>
/// <remarks>
/// Change tracking has been seen to lose changes, and our own code could lose them. A plain listing shares neither the tokens nor the code path.
/// What is missing is read, what is too much goes; only differences older than the run count as healed, the others are life going on. After each item put
/// right and each folder a segment is committed if it is due: a comparison that heals much loses at most a segment too.
/// </remarks>
internal sealed class ListingComparison(
    MailboxReader reader, RunSession session, MessageIntake intake, DebtBook debts, Departures departures)
{
    private readonly RunWriter _writer = session.Writer;
    private readonly ImmutableArray<string>.Builder _warnings = ImmutableArray.CreateBuilder<string>();
    private long _listed;
    private long _healed;
    private bool _isWhole = true;

    public async Task<ListingResult> CompareAsync(FolderTree folders, CancellationToken cancellation)
    {
        session.Board.Step($"Comparing {folders.All.Count} folders with an independent listing");
        foreach (var folder in folders.All)
        {
            try
            {
                await CompareFolderAsync(folder.Id, cancellation);
                await debts.ForgiveAsync(DebtItem.OfFolder(folder.Id), null, cancellation);
                await session.CommitWhenDueAsync(cancellation);
            }
            catch (FolderGoneException)
            {
                continue; // went while we looked; the next round of folders says what became of it
            }
            catch (Exception exception) when (exception is GraphTransientException or ItemUnreadableException or GraphRefusedException)
            {
                _isWhole = false;
                await debts.OweAsync(DebtItem.OfFolder(folder.Id), folder.Id, "(items that Microsoft 365 cannot list)", ((GraphException)exception).Code, cancellation);
            }
        }
        if (_healed > 0)
            _warnings.Add($"{_healed} items differed from an independent listing of Microsoft 365 and were put right.");
        session.Board.Count(counts => counts with { Healed = counts.Healed + _healed });
        return new ListingResult(_listed, _healed, _isWhole, _warnings.ToImmutable());
    }

    private async Task CompareFolderAsync(string folderId, CancellationToken cancellation)
    {
        var held = new HashSet<UInt128>();
        await foreach (var item in _writer.ItemsAsync(new ItemFilter(ItemKinds.Message, folderId), cancellation))
            if (!MailItem.HasDeparted(item))
                held.Add(IdHash.Of(item.Id));

        var missing = new List<string>();
        await foreach (var id in reader.ListMessageIdsAsync(folderId, cancellation))
        {
            _listed++;
            if (!held.Remove(IdHash.Of(id)) && !debts.Owes(id))
                missing.Add(id);
        }
        var expected = debts.Owes(DebtItem.OfFolder(folderId)); // that something was missing is known; finding it heals no error of ours
        foreach (var id in missing)
        {
            await AddMissingAsync(id, folderId, expected, cancellation);
            await session.CommitWhenDueAsync(cancellation);
        }
        if (held.Count > 0)
            await SettleExtraAsync(folderId, held, cancellation);
    }

    private async Task AddMissingAsync(string id, string folderId, bool expected, CancellationToken cancellation)
    {
        try
        {
            if (await reader.TryReadAsync(id, cancellation) is not { } message)
                return; // gone again
            if (!expected && (message.LastModified is not { } modified || modified < session.Request.StartedAt))
                _healed++;
            await intake.TakeAsync(message.FolderId ?? folderId, [message], cancellation);
        }
        catch (Exception exception) when (exception is ItemUnreadableException or GraphRefusedException)
        {
            await debts.OweAsync(id, folderId, "", ((GraphException)exception).Code, cancellation);
        }
    }

    // Held but not listed: deleted or moved while the run was going, or a removal that change tracking never told of.
    private async Task SettleExtraAsync(string folderId, HashSet<UInt128> extra, CancellationToken cancellation)
    {
        var ids = new List<string>();
        await foreach (var item in _writer.ItemsAsync(new ItemFilter(ItemKinds.Message, folderId), cancellation))
            if (extra.Contains(IdHash.Of(item.Id)))
                ids.Add(item.Id);
        foreach (var id in ids)
        {
            var message = await reader.TryReadAsync(id, cancellation);
            if (message is null)
                await departures.MarkAsync(id, folderId, cancellation);
            else if (message.FolderId is { } now && now != folderId)
                await intake.TakeAsync(now, [message], cancellation);
            else
                _warnings.Add($"Item {id} is there but an independent listing left it out.");
            await session.CommitWhenDueAsync(cancellation);
        }
    }
}
