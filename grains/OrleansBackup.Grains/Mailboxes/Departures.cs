using System.Collections.Immutable;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Mailboxes;

/// <summary>Messages that left a folder and have not turned up in another one yet.</summary>
/// <remarks>
/// Graph shows a move as a removal in the old folder and a listing in the new one, in any order and in different rounds of one run. So a
/// removal only marks the item; the listing in the new folder takes the mark away and finds the content still there. What is still marked
/// when every folder has been read is asked for by its id, since it may have moved into a folder that had been read before; what is in no
/// folder goes before the point is sealed. The mark stands in the segment, so it survives a crash.
/// </remarks>
internal sealed class Departures(MailboxReader reader, RunWriter writer, MessageIntake intake)
{
    /// <summary>More than so many are not asked for one by one: a listing of all folders is cheaper then.</summary>
    public const int MostAskedFor = 1_000;

    private const int AskedForAtOnce = 100;

    private readonly HashSet<string> _marked = new(StringComparer.Ordinal);

    public int Count => _marked.Count;

    /// <summary>Takes over what an interrupted run had marked.</summary>
    public async Task ResumeAsync(CancellationToken cancellation)
    {
        await foreach (var item in writer.UnsealedAsync(cancellation))
            if (item.Kind == ItemKinds.Message && MailItem.Read(item).DepartedFrom is not null)
                _marked.Add(item.Id);
    }

    /// <summary>The message is no longer in this folder. Nothing happens if it is known to be in another one already.</summary>
    public async Task MarkAsync(string messageId, string folderId, CancellationToken cancellation)
    {
        var stored = await writer.FindAsync(messageId, cancellation);
        if (stored is not { Kind: ItemKinds.Message } || stored.ParentId != folderId)
            return;
        await writer.UpsertAsync((MailItem.Read(stored) with { DepartedFrom = folderId }).Write(), cancellation);
        _marked.Add(messageId);
    }

    /// <summary>Removes what turned up nowhere. Returns how many.</summary>
    /// <param name="folders">The folders that are backed up; what lies elsewhere, among the recoverable items say, has left.</param>
    public async Task<long> SettleAsync(FolderTree folders, CancellationToken cancellation)
    {
        var open = new List<string>();
        foreach (var id in _marked)
            if (await FindMarkedAsync(id, cancellation) is not null)
                open.Add(id);
        _marked.Clear();
        long removed = 0;
        foreach (var ids in open.Chunk(AskedForAtOnce))
        {
            IReadOnlyDictionary<string, ExistingMessage> present = open.Count <= MostAskedFor
                ? await reader.FindAsync(ids, cancellation)
                : ImmutableDictionary<string, ExistingMessage>.Empty;
            foreach (var id in ids)
                if (!await StaysAsync(id, present.GetValueOrDefault(id), folders, cancellation))
                {
                    await writer.RemoveAsync(id, cancellation);
                    removed++;
                }
        }
        return removed;
    }

    private async Task<bool> StaysAsync(string id, ExistingMessage? present, FolderTree folders, CancellationToken cancellation)
    {
        if (present is null || (present.FolderId is { } folder && folders.Find(folder) is null))
            return false;
        if (!await intake.TakeMovedAsync(id, present.FolderId, cancellation))
            return false;
        // Its new state could not be read and is owed: then the older one stays, where the message is now.
        if (await FindMarkedAsync(id, cancellation) is { } stored)
            await writer.UpsertAsync((stored with { FolderId = present.FolderId ?? stored.FolderId, DepartedFrom = null }).Write(), cancellation);
        return true;
    }

    private async Task<MailItem?> FindMarkedAsync(string id, CancellationToken cancellation) =>
        await writer.FindAsync(id, cancellation) is { Kind: ItemKinds.Message } stored && MailItem.Read(stored) is { DepartedFrom: not null } marked ? marked : null;
}
