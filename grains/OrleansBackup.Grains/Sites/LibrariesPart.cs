using OrleansBackup.Grains.Drives;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Drives;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Sites;

/// <summary>The libraries of a site, each a drive of its own.</summary>
internal sealed class LibrariesPart(GraphClient client, string siteId, DriveReadOptions options) : IRunPart
{
    public string Name => ItemIds.Drive;

    public bool IsEssential => false;

    public async Task BackUpAsync(RunSession session, CancellationToken cancellation)
    {
        session.Board.Step("Looking for the libraries of the site");
        if (await TryListAsync(session, cancellation) is not { } drives)
            return;
        // Microsoft 365 may tell the use of the whole site for each of its libraries: what several tell alike is counted once.
        var used = drives.Select(drive => drive.UsedBytes).OfType<long>().Distinct().ToList();
        await session.ExpectBytesAsync(used.Count > 0 ? used.Sum() : null, cancellation);
        foreach (var drive in drives)
        {
            try
            {
                using var run = new DriveRun(session, new DriveReader(client, drive.Id, options), drive, ItemIds.Of(ItemIds.Drive, drive.Id));
                await run.BackUpAsync(cancellation);
            }
            catch (DriveUnavailableException exception)
            {
                session.Warn($"Library '{drive.Name}' cannot be read ({exception.Code}); this restore point has it as it was before.");
            }
        }
        await ForgetOthersAsync(session, drives.Select(drive => drive.Id).ToHashSet(StringComparer.Ordinal), cancellation);
    }

    /// <returns>Null: they cannot be told, which is no reason to take any for deleted.</returns>
    private async Task<IReadOnlyList<GraphDrive>?> TryListAsync(RunSession session, CancellationToken cancellation)
    {
        try
        {
            return await DriveReader.ListOfSiteAsync(client, siteId, cancellation);
        }
        catch (DriveUnavailableException exception)
        {
            session.Warn($"The libraries of the site cannot be told ({exception.Code}); this restore point has them as they were before.");
            return null;
        }
    }

    /// <summary>A library that was deleted is in earlier points only.</summary>
    private static async Task ForgetOthersAsync(RunSession session, HashSet<string> living, CancellationToken cancellation)
    {
        var gone = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var top in session.Writer.ItemsAsync(new ItemFilter(ItemKinds.Drive, null), cancellation))
            if (ItemIds.ContainerIdOf(top.Id) is { } drive && !living.Contains(drive))
                gone.Add(drive);
        foreach (var drive in gone)
        {
            var items = new List<string>();
            await foreach (var item in DriveItems.OfAsync(session.Writer.ItemsAsync, drive, cancellation))
                items.Add(item.Id);
            foreach (var id in items)
            {
                await session.Writer.RemoveAsync(DebtItem.IdOf(id), cancellation);
                await session.Writer.RemoveAsync(id, cancellation);
                await session.CommitWhenDueAsync(cancellation);
            }
            session.Board.Count(counts => counts with { Removed = counts.Removed + items.Count });
        }
    }
}
