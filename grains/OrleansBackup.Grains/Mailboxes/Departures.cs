using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Mailboxes;

/// <summary>Messages that left a folder and have not turned up in another one yet.</summary>
/// <remarks>
/// Graph shows a move as a removal in the old folder and a listing in the new one, in any order and in different rounds of one run. So a
/// removal only marks the item; the listing in the new folder takes the mark away and finds the content still there. What is still marked
/// when every folder has been read was deleted, and goes before the point is sealed. The mark stands in the segment, so it survives a crash.
/// </remarks>
internal sealed class Departures(RunWriter writer)
{
    private readonly HashSet<string> _marked = new(StringComparer.Ordinal);

    /// <summary>Takes over what an interrupted run had marked.</summary>
    public async Task ResumeAsync(CancellationToken cancellation)
    {
        await foreach (var item in writer.UnsealedAsync(cancellation))
            if (item.Kind == MailItem.MessageKind && MailItem.Read(item).DepartedFrom is not null)
                _marked.Add(item.Id);
    }

    /// <summary>The message is no longer in this folder. Nothing happens if it is known to be in another one already.</summary>
    public async Task MarkAsync(string messageId, string folderId, CancellationToken cancellation)
    {
        var stored = await writer.FindAsync(messageId, cancellation);
        if (stored is not { Kind: MailItem.MessageKind } || stored.ParentId != folderId)
            return;
        await writer.UpsertAsync((MailItem.Read(stored) with { DepartedFrom = folderId }).Write(), cancellation);
        _marked.Add(messageId);
    }

    /// <summary>Removes what turned up nowhere. Returns how many.</summary>
    public async Task<long> SettleAsync(CancellationToken cancellation)
    {
        long removed = 0;
        foreach (var id in _marked)
        {
            if (await writer.FindAsync(id, cancellation) is not { Kind: MailItem.MessageKind } stored || MailItem.Read(stored).DepartedFrom is null)
                continue;
            await writer.RemoveAsync(id, cancellation);
            removed++;
        }
        _marked.Clear();
        return removed;
    }
}
