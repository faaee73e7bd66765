using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Resources;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Drives;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Drives;

/// <summary>Takes listed items into the vault: decides what each asks for, reads several files at once, records who may see what, and owes what cannot be read.</summary>
internal sealed class DriveIntake(DriveReader reader, RunSession session, DebtBook debts) : IDisposable
{
    private const int PermissionsAtOnce = 20; // one batch
    private const int AttemptsBeforeRest = 3;
    private const string PermissionsMissing = "PermissionsMissing";

    private readonly SemaphoreSlim _reads = new(session.Options.ItemsAtOnce);
    private readonly RunWriter _writer = session.Writer;
    private readonly RunBoard _board = session.Board;
    private readonly FileIntake _files = new(reader, session, debts);
    private readonly HashSet<string> _distrusted = new(StringComparer.Ordinal);

    public void Dispose()
    {
        _files.Dispose();
        _reads.Dispose();
    }

    /// <summary>Downloads the item's bytes again when it is taken next, whatever the marks say.</summary>
    public void Distrust(string itemId) => _distrusted.Add(itemId);

    /// <param name="withPermissions">Ask who may see what is shared, although nothing says that it changed: the round cannot tell.</param>
    public async Task TakeAsync(IReadOnlyList<DriveItem> items, bool withPermissions, CancellationToken cancellation)
    {
        var (known, files, largeFiles) = (new List<Taken>(), new List<Wanted>(), new List<Wanted>());
        foreach (var item in items)
        {
            var stored = await FindAsync(item.Id, cancellation);
            var listed = DriveEntry.Of(reader.DriveId, item);
            if (_writer.IsErased(listed.Id))
                continue;
            var asksPermissions = item.IsShared && (item.SharingChanged || withPermissions || stored?.Contents.ContainsKey(ContentRoles.Permissions) != true)
                || (item.Kind == DriveItemKind.Root && withPermissions);
            var owed = debts.Owes(listed.Id) && !debts.Rests(listed.Id);
            if (!owed && !asksPermissions && stored is not null && IsSame(stored, listed) && !_distrusted.Contains(listed.Id))
                continue;
            if (item.Kind == DriveItemKind.File && !HasContentOf(stored, item))
                (_files.Large.Takes(item) ? largeFiles : files).Add(new Wanted(item, stored, asksPermissions));
            else
                known.Add(new Taken(item, stored, new FileOutcome(stored is null ? listed : listed.WithContentOf(stored)), asksPermissions));
        }
        // A large file commits while it is read: by then what is small is in its place.
        await ApplyAsync([.. known, .. await ReadAsync(files, cancellation)], cancellation);
        await ApplyAsync(await ReadAsync(largeFiles, cancellation), cancellation);
    }

    /// <summary>Tries an item of the debt list again, or one whose stored bytes are damaged.</summary>
    public async Task RetryAsync(ItemDebt debt, CancellationToken cancellation)
    {
        debts.Know(debt);
        DriveItem? item;
        try
        {
            item = await reader.TryReadAsync(ItemIds.GraphIdOf(debt.ItemId), cancellation);
        }
        catch (Exception exception) when (DebtBook.IsOfItem(exception))
        {
            debts.ThrowOnBadDay(exception);
            await debts.OweAsync(debt.ItemId, debt.FolderId, debt.Subject, DebtBook.CodeOf(exception), cancellation);
            return;
        }
        if (item is null)
            await debts.ForgiveAsync(debt.ItemId, null, cancellation); // gone from the drive: nothing is owed any more; the round removes it
        else
            await TakeAsync([item], withPermissions: debt.Error == PermissionsMissing, cancellation);
    }

    /// <summary>Whether several runs have tried a notebook's file in vain: some are refused for ever, so it is tried only when it changes and at comparisons.</summary>
    public static bool MayRest(ItemDebt debt) => debt.Attempts >= AttemptsBeforeRest && DriveItem.IsNotebookName(debt.Subject);

    /// <summary>Takes an item out.</summary>
    /// <returns>False: there was none.</returns>
    public async Task<bool> RemoveAsync(string graphId, CancellationToken cancellation)
    {
        var id = DriveEntry.IdOf(reader.DriveId, graphId);
        await debts.ForgiveAsync(id, null, cancellation);
        if (await _writer.FindAsync(id, cancellation) is null)
            return false;
        await _writer.RemoveAsync(id, cancellation);
        _board.Count(counts => counts with { Removed = counts.Removed + 1 });
        return true;
    }

    /// <summary>Asks for the one item, takes it as it is now, or takes it out when it is gone.</summary>
    /// <param name="withPermissions">Ask who may see it as well.</param>
    /// <returns>True: it was gone.</returns>
    public async Task<bool> SettleAsync(string graphId, CancellationToken cancellation, bool withPermissions = false)
    {
        try
        {
            if (await reader.TryReadAsync(graphId, cancellation) is not { } item)
                return await RemoveAsync(graphId, cancellation);
            await TakeAsync([item], withPermissions, cancellation);
        }
        catch (Exception exception) when (DebtBook.IsOfItem(exception))
        {
            debts.ThrowOnBadDay(exception);
            await debts.OweAsync(DriveEntry.IdOf(reader.DriveId, graphId), null, "", DebtBook.CodeOf(exception), cancellation);
        }
        return false;
    }

    public async Task<DriveEntry?> FindAsync(string graphId, CancellationToken cancellation) =>
        await _writer.FindAsync(DriveEntry.IdOf(reader.DriveId, graphId), cancellation) is { } found ? DriveEntry.Read(found) : null;

    private static bool IsSame(DriveEntry stored, DriveEntry listed) =>
        listed.ETag.Length > 0 && stored.ETag == listed.ETag && stored.Name == listed.Name && stored.ParentGraphId == listed.ParentGraphId && stored.IsShared == listed.IsShared;

    // What we worked out of our own bytes is compared with what is told of the file now: a hash that lies cannot make old bytes pass for new ones by being the same lie.
    private bool HasContentOf(DriveEntry? stored, DriveItem item) =>
        stored is not null && !_distrusted.Contains(stored.Id) && stored.Contents.ContainsKey(ContentRoles.Content)
        && ((item.QuickXorHash is not null && item.QuickXorHash == stored.QuickXorHash && item.Size == stored.Size) || (item.ETag.Length > 0 && item.ETag == stored.ETag)
            || (item is { QuickXorHash: null, Size: 0 } && stored.Size == 0)); // the service hashes no empty file

    private async Task<Taken[]> ReadAsync(IEnumerable<Wanted> wanted, CancellationToken cancellation)
    {
        var reads = new List<Task<Taken>>();
        try
        {
            foreach (var file in wanted)
                reads.Add(ReadAsync(file, cancellation));
            return await Task.WhenAll(reads);
        }
        catch
        {
            await ((Task)Task.WhenAll(reads)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // they write into the vault: none may outlive this call
            throw;
        }
    }

    private async Task<Taken> ReadAsync(Wanted wanted, CancellationToken cancellation)
    {
        await _reads.WaitAsync(cancellation);
        try
        {
            var anew = _distrusted.Contains(DriveEntry.IdOf(reader.DriveId, wanted.Item.Id));
            return new Taken(wanted.Item, wanted.Stored, await _files.ReadAsync(wanted.Item, anew, cancellation), wanted.AsksPermissions);
        }
        finally
        {
            _reads.Release();
        }
    }

    private async Task<Dictionary<string, (ContentReference Json, string? Summary)>> ReadPermissionsAsync(IReadOnlyList<Taken> taken, CancellationToken cancellation)
    {
        var found = new Dictionary<string, (ContentReference Json, string? Summary)>(StringComparer.Ordinal);
        foreach (var batch in taken.Where(one => one.AsksPermissions).Select(one => one.Item.Id).Chunk(PermissionsAtOnce))
            foreach (var (id, json) in await reader.ReadPermissionsAsync(batch, cancellation))
                found[id] = (await _writer.StoreAsync(json, cancellation), SharingSummary.Of(SharingEntry.Parse(json)));
        return found;
    }

    private async Task ApplyAsync(IReadOnlyList<Taken> taken, CancellationToken cancellation)
    {
        if (taken.Count == 0)
            return;
        var permissions = await ReadPermissionsAsync(taken, cancellation);
        foreach (var one in taken)
            if (!one.Outcome.IsHandedOver)
                await ApplyAsync(one, permissions, cancellation);
        if (taken.Any(one => one.Outcome.IsHandedOver))
            await session.CommitWhenDueAsync(cancellation); // and no further: whoever goes on finds the file where it was left
    }

    private async Task ApplyAsync(Taken one, Dictionary<string, (ContentReference Json, string? Summary)> permissions, CancellationToken cancellation)
    {
        var id = DriveEntry.IdOf(reader.DriveId, one.Item.Id);
        if (one.Outcome.Warning is { } warning)
            session.Warn(warning);
        // What cannot be read now keeps the bytes of before, under the name and in the place of now; without its mark, so that it is tried again.
        var entry = one.Outcome.Entry ?? (one.Outcome.Debt is not null && one.Stored is { } before
            ? DriveEntry.Of(reader.DriveId, one.Item).WithContentOf(before) with { ETag = "" } : null);
        if (entry is not null)
        {
            var contents = entry.Contents.SetItem(ContentRoles.Json, await _writer.StoreAsync(one.Item.Json, cancellation));
            if (permissions.TryGetValue(one.Item.Id, out var now))
                (contents, entry) = (contents.SetItem(ContentRoles.Permissions, now.Json), entry with { Sharing = now.Summary });
            else if (one.Item.Kind != DriveItemKind.Root && !one.Item.IsShared)
                (contents, entry) = (contents.Remove(ContentRoles.Permissions), entry with { Sharing = null });
            else if (one.Stored is { } known && known.Contents.TryGetValue(ContentRoles.Permissions, out var kept))
                (contents, entry) = (contents.SetItem(ContentRoles.Permissions, kept), entry with { Sharing = known.Sharing });
            await _writer.UpsertAsync((entry with { Contents = contents }).Write(), cancellation);
            _distrusted.Remove(id);
            if (_files.Large.Takes(one.Item) && one.Outcome.Entry is not null)
                await _files.Large.ForgetAsync(one.Item.Id, cancellation);
            if (one.Outcome.Debt is null)
                Count(one, entry);
        }
        var lacksPermissions = one.AsksPermissions && one.Item.Kind != DriveItemKind.Root && !permissions.ContainsKey(one.Item.Id);
        if ((one.Outcome.Debt ?? (lacksPermissions && entry is not null ? PermissionsMissing : null)) is { } debt)
            await debts.OweAsync(id, one.Item.ParentId is { } parent ? DriveEntry.IdOf(reader.DriveId, parent) : null, one.Item.Name, debt, cancellation);
        else if (entry is not null)
            await debts.ForgiveAsync(id, null, cancellation);
    }

    private void Count(Taken one, DriveEntry entry) => _board.Count(counts =>
        entry.IsContainer ? counts with { Folders = counts.Folders + (one.Stored is null ? 1 : 0) }
        : one.Stored is null ? counts with { Added = counts.Added + 1 }
        : one.Stored.QuickXorHash == entry.QuickXorHash ? counts with { PropertiesChanged = counts.PropertiesChanged + 1 }
        : counts with { Changed = counts.Changed + 1 });

    private sealed record Wanted(DriveItem Item, DriveEntry? Stored, bool AsksPermissions);

    private sealed record Taken(DriveItem Item, DriveEntry? Stored, FileOutcome Outcome, bool AsksPermissions);
}
