namespace OrleansBackup.GraphSimulator.World;

/// <summary>What changed in a drive since a number. A page costs its length, not the drive's.</summary>
public sealed partial class Drive
{
    /// <summary>The number of the newest change at a moment.</summary>
    internal long SequenceAt(DateTimeOffset time) => Read(() => _log.LastOrDefault(version => version.At <= time)?.Sequence ?? 0);

    /// <summary>Changes after <paramref name="position"/> up to <paramref name="until"/>.</summary>
    /// <remarks>What changes again after <paramref name="until"/> is left to the next round, as the service does.</remarks>
    /// <param name="position">Sequence already reported; 0 reads everything.</param>
    /// <param name="until">Sequence at the start of the round.</param>
    /// <param name="isFirstRound">The round started without a token: what is deleted was never there.</param>
    /// <param name="withParents">Unchanged folders above a changed item are told again before it.</param>
    /// <param name="limit">Longest page, parents told again not counted.</param>
    public DeltaPage<DriveItemVersion> Changes(long position, long until, bool isFirstRound, bool withParents, int limit) => Read(() =>
    {
        var page = new List<DriveItemVersion>(Math.Min(limit, 1024));
        var told = new HashSet<DriveItem>();
        var count = 0;
        for (var i = FirstAfter(position); i < _log.Count; i++)
        {
            var version = _log[i];
            if (version.Sequence > until)
                break;
            if (count == limit)
                return new DeltaPage<DriveItemVersion>(page, position, IsLast: false);
            position = version.Sequence;
            var isNewest = version.Item.Latest == version;
            if ((!isNewest && !(Quirks.ReplaysOldStates && version.Item.Latest.Sequence <= until)) || (isFirstRound && version.Item.Latest.IsDeleted))
                continue;
            if (withParents && !isFirstRound)
                TellParents(version);
            page.Add(version);
            told.Add(version.Item);
            count++;
        }
        return new DeltaPage<DriveItemVersion>(page, until, IsLast: true);

        void TellParents(DriveItemVersion version)
        {
            var above = new Stack<DriveItem>();
            for (var parent = version.Item.Latest.Parent; parent is { Latest.IsDeleted: false } && parent.Latest.Sequence <= until; parent = parent.Latest.Parent)
                above.Push(parent);
            foreach (var parent in above.Where(told.Add))
                page.Add(parent.Latest);
        }
    });

    private int FirstAfter(long position)
    {
        int low = 0, high = _log.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_log[middle].Sequence <= position)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
