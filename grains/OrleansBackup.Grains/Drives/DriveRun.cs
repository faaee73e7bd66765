using System.Collections.Immutable;
using System.Globalization;
using OrleansBackup.Grains.Resources;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Drives;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Drives;

/// <summary>One run over one drive: what changed since the last one, page by page, and at its end nothing left of what is gone.</summary>
/// <remarks>
/// For a OneDrive and for each library of a site. Every segment carries the link reached, so an interrupted run goes on after its last segment; a page
/// applied twice changes nothing and downloads nothing. A round from nothing over a drive that is known keeps no link before its end.
/// </remarks>
internal sealed class DriveRun : IDisposable
{
    private const int FilesPerGroup = 32;
    private const int MostAskedFor = 500;

    private readonly RunSession _session;
    private readonly DriveReader _reader;
    private readonly GraphDrive _drive;
    private readonly RunWriter _writer;
    private readonly DebtBook _debts;
    private readonly DriveIntake _intake;
    private readonly string _place;
    private DriveCheckpoint _checkpoint;
    private HashSet<UInt128>? _seen; // of a round from nothing over a drive that is known

    /// <param name="checkpointKey">Where the checkpoint of this drive is kept: a word of <see cref="ItemIds"/>, or for one of several drives that and the drive's id.</param>
    public DriveRun(RunSession session, DriveReader reader, GraphDrive drive, string checkpointKey)
    {
        (_session, _reader, _drive, _writer) = (session, reader, drive, session.Writer);
        _place = drive.Name.Length > 0 ? drive.Name : "the drive";
        _debts = session.DebtsOf(ItemIds.Drive);
        _intake = new DriveIntake(reader, session, _debts);
        var known = DriveCheckpoint.Parse(session.CheckpointOf(checkpointKey));
        _checkpoint = known?.DriveId == drive.Id ? known : DriveCheckpoint.Start(drive.Id);
        session.KeepCheckpoint(checkpointKey, () => _checkpoint.ToString());
        if (session.Request.CompareListing)
            _checkpoint = _checkpoint with { CompareNeeded = true };
    }

    public void Dispose() => _intake.Dispose();

    public async Task BackUpAsync(CancellationToken cancellation)
    {
        await HealAsync(cancellation);
        await RetryDebtsAsync(cancellation);
        await ReadChangesAsync(cancellation);
        if (_checkpoint.CompareNeeded)
            await CompareAsync(cancellation);
        _checkpoint = _checkpoint with { CompareNeeded = false };
    }

    private async Task HealAsync(CancellationToken cancellation)
    {
        foreach (var id in _session.ToHealOf(ItemIds.Drive).Where(IsOurs))
        {
            if (await _writer.FindAsync(id, cancellation) is not { } item)
                continue;
            _session.Board.Step("Downloading files again whose stored bytes are damaged");
            _intake.Distrust(id);
            await _intake.RetryAsync(new GrainInterfaces.Resources.ItemDebt(id, item.ParentId, item.Name, "StoredBytesDamaged", _session.Time.GetUtcNow(), 1), cancellation);
            await _session.CommitWhenDueAsync(cancellation);
        }
    }

    private async Task RetryDebtsAsync(CancellationToken cancellation)
    {
        var debts = (await _debts.ReadAsync(cancellation)).Where(debt => IsOurs(debt.ItemId)).ToList();
        if (debts.Count > 0)
            _session.Board.Step($"Trying {debts.Count} files again that could not be read before");
        foreach (var debt in debts)
        {
            if (DriveIntake.MayRest(debt) && !_checkpoint.CompareNeeded)
                _debts.Rest(debt);
            else
                await _intake.RetryAsync(debt, cancellation);
            await _session.CommitWhenDueAsync(cancellation);
        }
    }

    private async Task ReadChangesAsync(CancellationToken cancellation)
    {
        _session.Board.Step($"Reading the changes of {_place}");
        // A first round may be entered in the middle; one from nothing over what is known starts at its beginning again.
        var hasItems = await HoldsItemsAsync(cancellation);
        await foreach (var page in _reader.ReadChangesAsync(_checkpoint.Link, cancellation))
        {
            if (page.Warning is { } warning)
                _session.Warn(warning);
            if (page.Restarted)
                _seen = hasItems ? [] : null;
            await ApplyAsync(page, cancellation);
            if (page.IsLast)
            {
                await SettleAsync(page.IsWalk, cancellation);
                _checkpoint = _checkpoint with { Link = page.Link.Length > 0 ? page.Link : null, GoneFolders = _checkpoint.GoneFolders.Clear() };
            }
            else if (_seen is null && !page.IsWalk)
            {
                _checkpoint = _checkpoint with { Link = page.Link };
            }
            hasItems |= !page.Items.IsEmpty; // a round that begins again in the middle begins over what it has brought by then
            await _session.CommitWhenDueAsync(cancellation);
        }
    }

    private async Task ApplyAsync(DrivePage page, CancellationToken cancellation)
    {
        // The last occurrence counts, also when it is a deletion of what came before it in the page.
        var last = new Dictionary<string, DriveItem>(StringComparer.Ordinal);
        foreach (var item in page.Items)
        {
            last.Remove(item.Id);
            last.Add(item.Id, item);
        }
        foreach (var item in last.Values.Where(item => item.IsDeleted))
        {
            if (await _intake.FindAsync(item.Id, cancellation) is { IsContainer: true })
                _checkpoint = _checkpoint with { GoneFolders = _checkpoint.GoneFolders.Add(item.Id) };
            await _intake.RemoveAsync(item.Id, cancellation);
            _seen?.Remove(IdHash.Of(item.Id));
        }
        var living = last.Values.Where(item => !item.IsDeleted).Select(Named).ToList();
        foreach (var item in living)
        {
            _seen?.Add(IdHash.Of(item.Id));
            if (_checkpoint.GoneFolders.Contains(item.Id))
                _checkpoint = _checkpoint with { GoneFolders = _checkpoint.GoneFolders.Remove(item.Id) };
        }
        foreach (var group in living.Where(item => !IsBlank(item)).Chunk(FilesPerGroup))
        {
            await _intake.TakeAsync(group, withPermissions: page.IsWalk || _seen is not null, cancellation);
            await _session.CommitWhenDueAsync(cancellation);
        }
        foreach (var item in living.Where(IsBlank))
            await _intake.SettleAsync(item.Id, cancellation, withPermissions: true);
    }

    // What is being changed while a round goes on has been told with hardly more than its id.
    private static bool IsBlank(DriveItem item) => item.Name.Length == 0;

    // The service calls every root "root"; a person knows the library by its name.
    private DriveItem Named(DriveItem item) => item.Kind == DriveItemKind.Root ? item with { Name = _drive.Name.Length > 0 ? _drive.Name : item.Name } : item;

    private async Task SettleAsync(bool isWalk, CancellationToken cancellation)
    {
        foreach (var folder in _checkpoint.GoneFolders)
            await EmptyAsync(folder, cancellation);
        if (_seen is not { } seen)
            return;
        var missing = new List<string>();
        await foreach (var item in ItemsAsync(cancellation))
            if (!seen.Contains(IdHash.Of(ItemIds.GraphIdOf(item.Id))))
                missing.Add(ItemIds.GraphIdOf(item.Id));
        _seen = null;
        // Few: ask for each, since a listing can leave out what was moved meanwhile. Many, and told by the service itself: it is believed.
        foreach (var id in missing)
        {
            if (isWalk || missing.Count <= MostAskedFor)
                await _intake.SettleAsync(id, cancellation);
            else
                await _intake.RemoveAsync(id, cancellation);
            await _session.CommitWhenDueAsync(cancellation);
        }
    }

    /// <summary>A deleted folder whose items were not told: each is asked for, it may have moved away just before.</summary>
    private async Task EmptyAsync(string folder, CancellationToken cancellation)
    {
        var left = new List<ItemVersion>();
        foreach (var kind in new[] { ItemKinds.DriveFolder, ItemKinds.File })
            await foreach (var item in _writer.ItemsAsync(new ItemFilter(kind, DriveEntry.IdOf(_drive.Id, folder)), cancellation))
                left.Add(item);
        foreach (var item in left)
        {
            var id = ItemIds.GraphIdOf(item.Id);
            if (await _intake.SettleAsync(id, cancellation) && item.Kind == ItemKinds.DriveFolder)
                await EmptyAsync(id, cancellation);
        }
    }

    private async Task CompareAsync(CancellationToken cancellation)
    {
        _session.Board.Step($"Comparing {_place} with listings of its folders");
        var seen = new HashSet<UInt128>();
        long listed = 0, healed = 0;
        try
        {
            await foreach (var found in _reader.ListAsync(cancellation))
            {
                var item = Named(found);
                listed++;
                seen.Add(IdHash.Of(item.Id));
                var stored = await _intake.FindAsync(item.Id, cancellation);
                var id = DriveEntry.IdOf(_drive.Id, item.Id);
                if (stored is not null && stored.ETag == item.ETag && stored.Name == item.Name && stored.ParentGraphId == (item.Kind == DriveItemKind.Root ? null : item.ParentId))
                    continue;
                if (!_debts.Owes(id) && item.Modified < _session.Request.StartedAt && stored is null)
                    healed++;
                // A listing says of what is shared above that it is shared; the item's own permissions are asked for by the round.
                await _intake.TakeAsync([item with { IsShared = stored?.IsShared ?? item.IsShared }], withPermissions: false, cancellation);
                await _session.CommitWhenDueAsync(cancellation);
            }
        }
        catch (Exception exception) when (exception is GraphTransientException or ItemUnreadableException or GraphRefusedException)
        {
            _session.Warn($"The drive could not be compared with listings of its folders ({DebtBook.CodeOf(exception)}).");
            return;
        }
        var extra = new List<string>();
        await foreach (var item in ItemsAsync(cancellation))
            if (!seen.Contains(IdHash.Of(ItemIds.GraphIdOf(item.Id))))
                extra.Add(ItemIds.GraphIdOf(item.Id));
        foreach (var id in extra)
        {
            await _intake.SettleAsync(id, cancellation);
            await _session.CommitWhenDueAsync(cancellation);
        }
        if (healed > 0)
            _session.Warn($"{healed} files differed from an independent listing of Microsoft 365 and were put right.");
        _session.Board.Count(counts => counts with { Healed = counts.Healed + healed });
        _session.Note(PointDetails.ComparedAt, _session.Time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture));
        _session.Note(PointDetails.Listed, listed.ToString(CultureInfo.InvariantCulture));
    }

    private bool IsOurs(string itemId) => ItemIds.ContainerIdOf(itemId) == _drive.Id;

    private async Task<bool> HoldsItemsAsync(CancellationToken cancellation)
    {
        await foreach (var _ in ItemsAsync(cancellation))
            return true;
        return false;
    }

    /// <summary>Everything of this drive in the table.</summary>
    private IAsyncEnumerable<ItemVersion> ItemsAsync(CancellationToken cancellation) => DriveItems.OfAsync(_writer.ItemsAsync, _drive.Id, cancellation);
}
