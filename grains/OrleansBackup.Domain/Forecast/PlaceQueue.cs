using OrleansBackup.Domain.Identity;

namespace OrleansBackup.Domain.Forecast;

/// <summary>Runs that wait for places in the order in which they came, as the gate of a process lets them in: some places are never given to what may take days.</summary>
internal static class PlaceQueue
{
    /// <param name="underWay">Whether each is of a mailbox, and how many seconds it has left.</param>
    /// <param name="waiting">The same of those that wait, in their order.</param>
    /// <returns>Seconds until the last one has ended.</returns>
    public static double SecondsUntilEmpty(IReadOnlyList<(bool IsMailbox, double Seconds)> underWay, IReadOnlyList<(bool IsMailbox, double Seconds)> waiting, int places, int placesForMailboxes)
    {
        var longPlaces = Math.Max(1, places - placesForMailboxes);
        var running = new PriorityQueue<bool, double>();
        var (longRunning, end, now) = (0, 0.0, 0.0);
        var mailboxes = new Queue<double>(waiting.Where(run => run.IsMailbox).Select(run => run.Seconds));
        var others = new Queue<double>(waiting.Where(run => !run.IsMailbox).Select(run => run.Seconds));
        // Of two lines the one goes first whose head stands further ahead; with both moving alike the shares of what is left tell that well enough.
        var (mailboxesInAll, othersInAll) = (Math.Max(1, mailboxes.Count), Math.Max(1, others.Count));
        foreach (var (isMailbox, seconds) in underWay)
            Begin(isMailbox, seconds);
        while (true)
        {
            while (running.Count < places && Next() is var (isMailbox, seconds))
                Begin(isMailbox, seconds);
            if (!running.TryDequeue(out var ended, out now))
                return end;
            longRunning -= ended ? 0 : 1;
        }

        void Begin(bool isMailbox, double seconds)
        {
            running.Enqueue(isMailbox, now + seconds);
            longRunning += isMailbox ? 0 : 1;
            end = Math.Max(end, now + seconds);
        }

        (bool IsMailbox, double Seconds)? Next()
        {
            var mayBeLong = others.Count > 0 && longRunning < longPlaces;
            if (mayBeLong && (mailboxes.Count == 0 || (double)others.Count / othersInAll >= (double)mailboxes.Count / mailboxesInAll))
                return (false, others.Dequeue());
            return mailboxes.Count > 0 ? (true, mailboxes.Dequeue()) : mayBeLong ? (false, others.Dequeue()) : null;
        }
    }

    public static bool IsMailbox(ResourceKind kind) => kind == ResourceKind.Mailbox;
}
