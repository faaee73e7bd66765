using System.Collections.Immutable;
using System.Globalization;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Restores;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Drives;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Drives;

/// <summary>Puts files back: looks what is there, and puts back what is not, under its name, in its place, with its dates.</summary>
/// <remarks>
/// What stands in the way is looked at, and moved where the job overwrites, for a whole page in turn; only the bytes go several at once. A page that was
/// interrupted finds what it had created by name, bytes and dates.
/// </remarks>
internal sealed class DrivePartRestore(RestoreRequest request, RestorePlan plan, PointReader point, DriveTargets targets) : IPartRestore
{
    private const int FilesAtOnce = 3;
    private const int FailuresUntilGivingUp = 20;

    private readonly FileJudge _judge = new(request, plan, point, targets);
    private int _failuresInARow;

    public IAsyncEnumerable<ItemVersion> ItemsAsync(CancellationToken cancellation) => plan.ItemsAsync(cancellation);

    public void Remember(ItemOutcome outcome)
    {
        // What an earlier attempt made is found by its name; nothing has to be known of it.
    }

    /// <summary>What of a file will not come back as it was, as far as the point tells.</summary>
    /// <param name="folders">Every container of the point.</param>
    public static ImmutableArray<LossFact> Foresee(ItemVersion item, bool withPermissions, FolderTree folders)
    {
        if (item.Kind != ItemKinds.File)
            return [];
        var entry = DriveEntry.Read(item);
        var losses = ImmutableArray.CreateBuilder<LossFact>();
        if (FileJudge.WhyNever(entry) is not null)
            losses.Add(new LossFact(DriveLossKind.Content, entry.Problem ?? "shortcut", null));
        losses.Add(new LossFact(DriveLossKind.Authors, null, null));
        if (folders.PackageOf(item.ParentId) is { } package)
            losses.Add(new LossFact(DriveLossKind.Package, package.Name, null));
        if (withPermissions)
            losses.AddRange(SharingSummary.Losses(entry.Sharing));
        else if (entry.Sharing is not null)
            losses.Add(new LossFact(DriveLossKind.Permission, entry.Sharing, null));
        return losses.ToImmutable();
    }

    public async Task<ImmutableArray<ItemOutcome>> RestoreAsync(IReadOnlyList<ItemVersion> page, bool interrupted, CancellationToken cancellation)
    {
        var tasks = new List<FileTask>(page.Count);
        foreach (var item in page)
            tasks.Add(await _judge.JudgeAsync(item, interrupted, cancellation));
        var outcomes = new ItemOutcome[page.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = FilesAtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(Enumerable.Range(0, page.Count), options, async (index, token) => outcomes[index] = await RestoreAsync(tasks[index], token));
        return [.. outcomes];
    }

    public async Task CompleteAsync(IRestoreLedger ledger, CancellationToken cancellation)
    {
        // Deepest first: what is put into a folder dates it anew.
        foreach (var folder in plan.Folders().Reverse())
        {
            try
            {
                await CompleteFolderAsync(folder, ledger, cancellation);
            }
            catch (Exception exception) when (exception is GraphRefusedException or ItemGoneException or ItemUnreadableException)
            {
                ledger.Warn($"Folder '{folder.Name}' could not be made again as it was: {exception.Message}");
            }
        }
    }

    private async Task CompleteFolderAsync(FolderItem folder, IRestoreLedger ledger, CancellationToken cancellation)
    {
        var driveId = ItemIds.ContainerIdOf(folder.Id)!;
        var target = await targets.DriveAsync(driveId, cancellation);
        var folderId = await targets.ResolveAsync(driveId, folder.Id, cancellation);
        if (request.RemoveNewer && targets.IsInPlace(target))
            await new NewerItems(point, target).RemoveAsync(folder, folderId, ledger, cancellation);
        if (folder.Kind == ItemKinds.Drive || await point.FindAsync(folder.Id, cancellation) is not { } item)
            return;
        var entry = DriveEntry.Read(item);
        if (request.Permissions)
            foreach (var loss in await GrantAsync(entry, target, folderId, cancellation))
                ledger.Step($"Folder '{folder.Name}': {loss.Text}");
        var mayDate = !targets.IsInPlace(target) || request.Conflict == ConflictPolicy.Overwrite || folderId != entry.GraphId;
        if (mayDate && await target.Reader.TryReadAsync(folderId, cancellation) is { } now && (now.Created != entry.Created || now.Modified != entry.Modified))
            await target.Writer.ChangeAsync(folderId, parentId: null, name: null, entry.Created, entry.Modified, cancellation);
    }

    private async Task<ItemOutcome> RestoreAsync(FileTask task, CancellationToken cancellation)
    {
        if (task.Outcome is { } decided)
            return decided;
        var (entry, target) = (task.Entry!, task.Target!);
        try
        {
            var losses = ImmutableArray.CreateBuilder<Loss>();
            losses.AddRange(task.Losses);
            var written = task.Existing is { } existing ? await OverwriteAsync(target, entry, existing, cancellation) : await CreateAsync(task, losses, cancellation);
            if (written.Size != entry.Size || (written.QuickXorHash is { } hash && hash != entry.QuickXorHash))
                losses.Add(new(DriveLossKind.ChangedByService, "The service changed the file when it arrived, as libraries do with Office files; all that was sent is in it."));
            if (request.Permissions)
                losses.AddRange(await GrantAsync(entry, target, written.Id, cancellation));
            var folder = DriveEntry.IdOf(entry.DriveId, entry.ParentGraphId ?? "");
            if (targets.LossOf(folder) is { } lost)
                losses.Add(lost);
            if (targets.PackageLossOf(folder) is { } unbound)
                losses.Add(unbound);
            Interlocked.Exchange(ref _failuresInARow, 0);
            return new ItemOutcome(entry.Id, OutcomeKind.Restored, entry.Name, written.Id, null, [.. losses.Select(loss => loss.Text)])
            {
                LossFacts = [.. losses.Select(loss => new LossFact(loss.Kind, loss.Name, loss.Count))],
            };
        }
        catch (Exception exception) when (exception is GraphTransientException or GraphRefusedException or ItemUnreadableException or ItemGoneException
            or QuotaExceededException or DamagedObjectException)
        {
            if (exception is GraphTransientException && Interlocked.Increment(ref _failuresInARow) >= FailuresUntilGivingUp)
                throw; // not bad files but a bad day: the job rests and goes on later
            if (exception is ItemGoneException)
                await target.CheckAsync(cancellation);
            return FileJudge.Failed(entry, exception.Message);
        }
    }

    private async Task<DriveItem> OverwriteAsync(TargetDrive target, DriveEntry entry, DriveItem existing, CancellationToken cancellation)
    {
        if (!FileJudge.HasSameBytes(entry, existing))
            return await target.Writer.ReplaceAsync(existing.Id, FileOf(entry, existing.Name), cancellation);
        return existing.Created == entry.Created && existing.Modified == entry.Modified
            ? existing : await target.Writer.ChangeAsync(existing.Id, parentId: null, name: null, entry.Created, entry.Modified, cancellation);
    }

    private async Task<DriveItem> CreateAsync(FileTask task, ImmutableArray<Loss>.Builder losses, CancellationToken cancellation)
    {
        var (entry, target, name) = (task.Entry!, task.Target!, task.Name!);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await target.Writer.CreateAsync(task.FolderId!, FileOf(entry, name), NameConflict.Fail, cancellation);
            }
            catch (GraphRefusedException e) when (e.Status == 400 && attempt == 0 && DriveNames.Acceptable(name) is var acceptable && acceptable != name)
            {
                losses.Add(new(DriveLossKind.Name, $"The target does not take the name '{name}'; the file is '{acceptable}'.", name));
                name = acceptable;
            }
            catch (GraphRefusedException e) when (e.Status == 409 && attempt < 3)
            {
                // It was free a moment ago: mostly it is our own file, whose answer was lost.
                if (await target.Writer.FindChildAsync(task.FolderId!, name, cancellation) is { } other && FileJudge.IsOurs(entry, other))
                    return other;
                name = FileJudge.CopyName(name, string.Create(CultureInfo.InvariantCulture, $"restored {attempt + 2}"));
                losses.Add(new(DriveLossKind.Name, $"Another file took the name meanwhile; this one is '{name}'.", entry.Name));
            }
        }
    }

    private FileToWrite FileOf(DriveEntry entry, string name)
    {
        var content = entry.Contents[ContentRoles.Content];
        return new FileToWrite(name, content.Length, entry.Created, entry.Modified, token => point.OpenContentAsync(content, token));
    }

    private async Task<ImmutableArray<Loss>> GrantAsync(DriveEntry entry, TargetDrive target, string itemId, CancellationToken cancellation)
    {
        if (!entry.Contents.TryGetValue(ContentRoles.Permissions, out var content))
            return [];
        await using var stream = await point.OpenContentAsync(content, cancellation);
        using var buffer = new MemoryStream();
        await stream.CopyToAsync(buffer, cancellation);
        var losses = ImmutableArray.CreateBuilder<Loss>();
        foreach (var sharing in SharingEntry.Parse(buffer.ToArray()))
            losses.AddRange(await target.Writer.GrantAsync(itemId, sharing, cancellation));
        return losses.ToImmutable();
    }
}
