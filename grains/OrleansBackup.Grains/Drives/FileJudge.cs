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

/// <summary>What is to be done about one file of a page.</summary>
internal sealed record FileTask
{
    /// <summary>Nothing is: this is what became of it.</summary>
    public ItemOutcome? Outcome { get; init; }

    public DriveEntry? Entry { get; init; }

    public TargetDrive? Target { get; init; }

    /// <summary>Where to create it.</summary>
    public string? FolderId { get; init; }

    /// <summary>Under which name to create it.</summary>
    public string? Name { get; init; }

    /// <summary>The item that gets its bytes and dates; null: it is created.</summary>
    public DriveItem? Existing { get; init; }

    public ImmutableArray<Loss> Losses { get; init; } = [];
}

/// <summary>Looks what stands where a file belongs, and decides by the job's policy what to do. Where the job overwrites it clears the way.</summary>
/// <remarks>One caller at a time: it moves and renames, and two that did so at once could take each other's places.</remarks>
internal sealed class FileJudge(RestoreRequest request, RestorePlan plan, PointReader point, DriveTargets targets)
{
    private readonly Lazy<HashSet<string>> _chosenFolders = new(() => plan.Folders().Select(folder => folder.Id).ToHashSet(StringComparer.Ordinal));

    /// <summary>Why a file can never be put back from this point; null: it can.</summary>
    public static string? WhyNever(DriveEntry entry) => entry.Kind == DriveItemKind.Shortcut
        ? "It was a link into another drive, which Microsoft Graph cannot make; the files behind it are backed up where they are."
        : entry.Contents.ContainsKey(ContentRoles.Content) ? null
        : $"Microsoft 365 did not hand out its bytes when it was backed up ({entry.Problem ?? "no reason given"}).";

    public static bool HasSameBytes(DriveEntry entry, DriveItem item) =>
        item.Kind == DriveItemKind.File && item.Size == entry.Size && (item.QuickXorHash is { } hash ? hash == entry.QuickXorHash : entry.Size == 0);

    /// <summary>An earlier attempt made it: the same dates, and the same bytes unless the service changed them.</summary>
    public static bool IsOurs(DriveEntry entry, DriveItem item) =>
        item.Kind == DriveItemKind.File && item.Created == entry.Created && item.Modified == entry.Modified && (HasSameBytes(entry, item) || item.Size >= entry.Size);

    public static string CopyName(string name, string mark)
    {
        var extension = Path.GetExtension(name);
        return $"{name[..^extension.Length]} ({mark}){extension}";
    }

    public static ItemOutcome Failed(DriveEntry entry, string reason) => new(entry.Id, OutcomeKind.Failed, entry.Name, null, reason, []);

    public async Task<FileTask> JudgeAsync(ItemVersion item, bool interrupted, CancellationToken cancellation)
    {
        if (item.Kind == ItemKinds.Debt)
            return Decided(new ItemOutcome(DebtItem.Read(item).ItemId, OutcomeKind.Failed, item.Name, null,
                $"Microsoft 365 never handed this over ({DebtItem.Read(item).Error}); it is on the debt list of the backup.", []));
        var entry = DriveEntry.Read(item);
        if (WhyNever(entry) is { } never)
            return Decided(Failed(entry, never));
        try
        {
            var target = await targets.DriveAsync(entry.DriveId, cancellation);
            var folder = await targets.ResolveAsync(entry.DriveId, item.ParentId, cancellation);
            var task = new FileTask { Entry = entry, Target = target, FolderId = folder, Name = entry.Name };
            return targets.IsInPlace(target) && await target.Reader.TryReadAsync(entry.GraphId, cancellation) is { Kind: DriveItemKind.File } living
                ? await OfLivingAsync(task, living, cancellation)
                : await OfGoneAsync(task, interrupted, cancellation);
        }
        catch (Exception exception) when (exception is GraphRefusedException or ItemGoneException or ItemUnreadableException)
        {
            if (exception is ItemGoneException)
                await (await targets.DriveAsync(entry.DriveId, cancellation)).CheckAsync(cancellation);
            return Decided(Failed(entry, $"Its place could not be made again: {exception.Message}"));
        }
    }

    // The file itself is still there, perhaps with other bytes, under another name, in another folder.
    private async Task<FileTask> OfLivingAsync(FileTask task, DriveItem living, CancellationToken cancellation)
    {
        var entry = task.Entry!;
        var isInPlace = living.ParentId == task.FolderId && living.Name == entry.Name;
        switch (request.Conflict)
        {
            case ConflictPolicy.Skip:
                return Decided(Skipped(entry, isInPlace ? "It is still in its folder." : "It is still in the drive, under another name or in another folder."));
            case ConflictPolicy.Copy:
                return await CopyAsync(task, cancellation);
            default:
                if (isInPlace && HasSameBytes(entry, living) && living.Created == entry.Created && living.Modified == entry.Modified && !request.Permissions)
                    return Decided(Skipped(entry, "It is there exactly as it was."));
                return task with { Existing = isInPlace ? living : await PutBackAsync(task, living, cancellation) };
        }
    }

    // The file is gone, or the place is another: only a name can stand in the way.
    private async Task<FileTask> OfGoneAsync(FileTask task, bool interrupted, CancellationToken cancellation)
    {
        var entry = task.Entry!;
        var other = await task.Target!.Writer.FindChildAsync(task.FolderId!, entry.Name, cancellation);
        if (other is null)
            return task;
        if (interrupted && IsOurs(entry, other))
            return task with
            {
                Existing = other,
                Losses = [new(LossKinds.NotWrittenDown, "It was put back just before the job was interrupted; what it may have lost then was not written down.")],
            };
        return request.Conflict switch
        {
            ConflictPolicy.Skip => Decided(Skipped(entry, HasSameBytes(entry, other) ? "The same file is in the target folder already." : "Another file has its name in the target folder.")),
            ConflictPolicy.Copy => await CopyAsync(task, cancellation),
            _ when other.Kind == DriveItemKind.File => task with { Existing = other },
            _ => Decided(Failed(entry, "A folder has its name in the target folder.")),
        };
    }

    private async Task<FileTask> CopyAsync(FileTask task, CancellationToken cancellation)
    {
        const int mostTried = 100;
        var day = point.Point.StartedAt.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        for (var number = 1; ; number++)
        {
            var name = CopyName(task.Entry!.Name, number == 1 ? day : string.Create(CultureInfo.InvariantCulture, $"{day}, {number}"));
            var other = await task.Target!.Writer.FindChildAsync(task.FolderId!, name, cancellation);
            if (other is null)
                return task with { Name = name };
            // A copy of this very file in this very state is as good as another one, whoever made it.
            if (IsOurs(task.Entry!, other) && HasSameBytes(task.Entry!, other))
                return task with { Existing = other };
            if (number == mostTried)
                return Decided(Failed(task.Entry!, "There are a hundred copies of it already."));
        }
    }

    private async Task<DriveItem> PutBackAsync(FileTask task, DriveItem living, CancellationToken cancellation)
    {
        var (entry, target) = (task.Entry!, task.Target!);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await target.Writer.ChangeAsync(living.Id, task.FolderId, entry.Name, created: null, modified: null, cancellation);
            }
            catch (GraphRefusedException e) when (e.Status == 409 && attempt == 0)
            {
                if (await target.Writer.FindChildAsync(task.FolderId!, entry.Name, cancellation) is { } blocker && blocker.Id != living.Id)
                    await ClearAsync(target, entry.DriveId, blocker, cancellation);
            }
        }
    }

    /// <summary>Somebody else has the name: what the job puts back too goes aside until its turn, what is newer goes to the recycle bin.</summary>
    private async Task ClearAsync(TargetDrive target, string driveId, DriveItem blocker, CancellationToken cancellation)
    {
        var known = await point.FindAsync(DriveEntry.IdOf(driveId, blocker.Id), cancellation);
        if (known is null && blocker.Kind == DriveItemKind.File)
            await target.Writer.DeleteAsync(blocker.Id, cancellation);
        else if (known is { Kind: ItemKinds.File, ParentId: { } parent } && _chosenFolders.Value.Contains(parent))
            await target.Writer.ChangeAsync(blocker.Id, parentId: null, CopyName(blocker.Name, $"{Guid.NewGuid():N}"), created: null, modified: null, cancellation);
    }

    private static ItemOutcome Skipped(DriveEntry entry, string reason) => new(entry.Id, OutcomeKind.Skipped, entry.Name, null, reason, []);

    private static FileTask Decided(ItemOutcome outcome) => new() { Outcome = outcome };
}
