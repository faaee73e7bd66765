using System.Collections.Immutable;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Drives;
using OrleansBackup.Microsoft365.Mail;

namespace OrleansBackup.Grains.Drives;

/// <summary>Finds or makes the folder in the target drive that stands for a folder of the point.</summary>
/// <remarks>
/// In the original drive a folder is the one with the same id; a job that overwrites puts it back under its name and into its place, any other leaves it
/// where it is. A deleted one is made again in its old place. Under a chosen folder the whole path of names is made.
/// </remarks>
/// <param name="find">The drive for a drive of the point.</param>
internal sealed class DriveTargets(
    FolderTree atPoint, ImmutableArray<string> under, ConflictPolicy conflict, Func<string, CancellationToken, Task<TargetDrive>> find)
{
    private readonly Dictionary<string, TargetDrive> _drives = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _targets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Loss> _losses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _tops = new(StringComparer.Ordinal);

    /// <summary>The target for what came from a drive of the point.</summary>
    public async Task<TargetDrive> DriveAsync(string driveId, CancellationToken cancellation) =>
        _drives.TryGetValue(driveId, out var known) ? known : _drives[driveId] = await find(driveId, cancellation);

    /// <summary>Items go back to the places that they came from.</summary>
    public bool IsInPlace(TargetDrive target) => target.IsOriginal && under.IsEmpty;

    /// <summary>The target for a folder of the point, by its id in the point; one caller at a time.</summary>
    /// <exception cref="GraphException">It cannot be made.</exception>
    public async Task<string> ResolveAsync(string driveId, string? folderId, CancellationToken cancellation)
    {
        if (folderId is null || atPoint.Find(folderId) is not { } folder || folder.Kind == ItemKinds.Drive)
            return await TopAsync(driveId, cancellation); // its folder was not in the point: better at the top than lost
        if (_targets.TryGetValue(folder.Id, out var known))
            return known;
        return _targets[folder.Id] = await PlaceAsync(driveId, folder, cancellation);
    }

    /// <summary>What the place of an item lost, or null: its folder or one above could not be made under its own name.</summary>
    public Loss? LossOf(string? folderId)
    {
        var visited = new HashSet<string>(StringComparer.Ordinal);
        for (var id = folderId; id is not null && visited.Add(id); id = atPoint.Find(id)?.ParentId)
        {
            if (_losses.TryGetValue(id, out var lost))
                return lost;
        }
        return null;
    }

    /// <summary>What an item lost by the notebook or other package that it lies in being a folder now; null: it lies in none, or the package itself is still there.</summary>
    public Loss? PackageLossOf(string? folderId) => atPoint.PackageOf(folderId) is { } package && _targets.GetValueOrDefault(package.Id) != ItemIds.GraphIdOf(package.Id)
        ? new(DriveLossKind.Package, $"It belongs to the notebook '{package.Name}', which is a folder of its files now: no application can make a notebook.", package.Name) : null;

    private async Task<string> PlaceAsync(string driveId, FolderItem folder, CancellationToken cancellation)
    {
        var target = await DriveAsync(driveId, cancellation);
        var parent = await ResolveAsync(driveId, folder.ParentId, cancellation);
        var graphId = ItemIds.GraphIdOf(folder.Id);
        if (IsInPlace(target) && await target.Reader.TryReadAsync(graphId, cancellation) is { } living)
            return conflict == ConflictPolicy.Overwrite ? await PutBackAsync(target, folder, living, parent, cancellation) : living.Id;
        return await MakeAsync(target, folder, parent, cancellation);
    }

    private async Task<string> PutBackAsync(TargetDrive target, FolderItem folder, DriveItem living, string parent, CancellationToken cancellation)
    {
        if (living.ParentId == parent && living.Name == folder.Name)
            return living.Id;
        try
        {
            return (await target.Writer.ChangeAsync(living.Id, parent, folder.Name, created: null, modified: null, cancellation)).Id;
        }
        catch (GraphRefusedException e) when (e.Status == 409 || e.Status == 400)
        {
            // Another folder has taken its name, or it would come to lie in itself: its items go to the one that has the name.
            return await MakeAsync(target, folder, parent, cancellation);
        }
    }

    private async Task<string> MakeAsync(TargetDrive target, FolderItem folder, string parent, CancellationToken cancellation)
    {
        var name = folder.Name;
        DriveItem made;
        try
        {
            made = await target.Writer.EnsureFolderAsync(parent, name, cancellation);
        }
        catch (GraphRefusedException e) when (e.Status == 400 && DriveNames.Acceptable(folder.Name) is var acceptable && acceptable != folder.Name)
        {
            made = await target.Writer.EnsureFolderAsync(parent, name = acceptable, cancellation);
        }
        if (_targets.ContainsValue(made.Id))
            _losses[folder.Id] = new(LossKinds.FoldersMerged, $"Two folders named '{name}' are one now.", name);
        else if (made.Name != folder.Name)
            _losses[folder.Id] = new(LossKinds.FolderName, $"The target does not take the folder's name '{folder.Name}'; it is '{made.Name}'.", folder.Name);
        return made.Id;
    }

    private async Task<string> TopAsync(string driveId, CancellationToken cancellation)
    {
        if (_tops.TryGetValue(driveId, out var known))
            return known;
        var target = await DriveAsync(driveId, cancellation);
        var top = target.RootId;
        foreach (var name in under)
            top = (await target.Writer.EnsureFolderAsync(top, name, cancellation)).Id;
        return _tops[driveId] = top;
    }
}
