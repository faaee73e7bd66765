namespace OrleansBackup.GraphSimulator.World;

/// <summary>One line of a message delta page.</summary>
/// <param name="Version">The message as it is now; for a removal, the version that removed it.</param>
/// <param name="Removed">The message is not in the folder any more.</param>
/// <param name="MutableNumber">Number of the changeable id to report.</param>
public readonly record struct MessageChange(MessageVersion Version, bool Removed, long MutableNumber);

/// <summary>A page of a round and where the round goes on.</summary>
/// <param name="Changes">May be empty.</param>
/// <param name="Position">Where the next page starts.</param>
/// <param name="IsLast">The round is complete.</param>
public sealed record DeltaPage<T>(IReadOnlyList<T> Changes, long Position, bool IsLast);

/// <summary>What changed in folders since a number. A page costs its length, not the mailbox's.</summary>
public sealed partial class Mailbox
{
    private long _lastToken;

    /// <summary>A fresh number for a delta token, so that old tokens can be told apart.</summary>
    internal long IssueToken(int liveTokens) => Read(() =>
    {
        var number = ++_lastToken;
        if (liveTokens > 0)
            OldestLiveToken = Math.Max(OldestLiveToken, number - liveTokens + 1);
        return number;
    });

    /// <summary>Changes of one folder's messages after <paramref name="position"/> up to <paramref name="until"/>.</summary>
    /// <remarks>
    /// What changes again after <paramref name="until"/> is left to the next round, as the service does: within a round a
    /// message may be missing although it is there.
    /// </remarks>
    /// <param name="folder">The folder.</param>
    /// <param name="position">Sequence already reported; 0 reads everything.</param>
    /// <param name="until">Sequence at the start of the round.</param>
    /// <param name="isFirstRound">The round started without a token: nothing to remove.</param>
    /// <param name="immutableIds">A message that left and came back is one change, not two.</param>
    /// <param name="limit">Longest page.</param>
    public DeltaPage<MessageChange> MessageChanges(MailFolder folder, long position, long until, bool isFirstRound, bool immutableIds, int limit) =>
        Read(() =>
        {
            var page = new List<MessageChange>(Math.Min(limit, 1024));
            var log = folder.Log;
            for (var i = FirstAfter(log, position); i < log.Count; i++)
            {
                var entry = log[i];
                if (entry.Sequence > until)
                    break;
                if (page.Count == limit)
                    return new DeltaPage<MessageChange>(page, position, IsLast: false);
                position = entry.Sequence;
                var isCurrent = entry.Left
                    ? !isFirstRound && !(immutableIds && CameBack(entry.Version, folder))
                    : entry.Version == entry.Version.Message.Latest;
                if (isCurrent)
                    page.Add(new MessageChange(entry.Version, entry.Left, entry.MutableNumber));
            }
            return new DeltaPage<MessageChange>(page, until, IsLast: true);
        });

    /// <summary>Changes of the folders, flat over all levels.</summary>
    public DeltaPage<MailFolder> FolderChanges(long position, long until, bool isFirstRound, int limit) => Read(() =>
    {
        var changed = AllFolders
            .Where(folder => folder.LastTouched > position && folder.LastTouched <= until && folder.Latest.Parent is not null && folder.IsInTree)
            .Where(folder => !(isFirstRound && folder.Latest.IsDeleted))
            .OrderBy(folder => folder.LastTouched).ThenBy(folder => folder.Number)
            .ToList();
        if (changed.Count <= limit)
            return new DeltaPage<MailFolder>(changed, until, IsLast: true);
        // Folders touched by one change share its number and must not be split over pages.
        var end = limit;
        while (end < changed.Count && changed[end].LastTouched == changed[limit - 1].LastTouched)
            end++;
        return new DeltaPage<MailFolder>(changed[..end], changed[end - 1].LastTouched, IsLast: false);
    });

    private static bool CameBack(MessageVersion left, MailFolder folder)
    {
        for (var version = left.Message.Latest; version is not null && version.Sequence > left.Sequence; version = version.Previous)
        {
            if (version.Folder == folder)
                return true;
        }
        return false;
    }

    private static int FirstAfter(List<FolderLogEntry> log, long position)
    {
        int low = 0, high = log.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (log[middle].Sequence <= position)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
