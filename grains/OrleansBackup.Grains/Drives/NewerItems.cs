using System.Globalization;
using OrleansBackup.Grains.Restores;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365.Drives;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Drives;

/// <summary>What is in a folder now and was not there at the point: moved to the recycle bin when a restore is asked to make the folder as it was.</summary>
/// <remarks>
/// Goes by names, after everything was put back under its own: what failed to come back keeps whoever has its name. What the point knows in another place
/// is not newer, it was moved here since; it is left and told, since it may be nowhere else.
/// </remarks>
internal sealed class NewerItems(PointReader point, TargetDrive target)
{
    public async Task RemoveAsync(FolderItem folder, string folderId, IRestoreLedger ledger, CancellationToken cancellation)
    {
        var expected = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var kind in new[] { ItemKinds.File, ItemKinds.DriveFolder, ItemKinds.Debt })
            await foreach (var item in point.ItemsAsync(new ItemFilter(kind, folder.Id), cancellation))
            {
                expected.Add(item.Name);
                expected.Add(DriveNames.Acceptable(item.Name));
            }
        var newer = new List<DriveItem>();
        await foreach (var item in target.Reader.ListChildrenAsync(folderId, cancellation))
        {
            if (expected.Contains(item.Name))
                continue;
            if (await point.FindAsync(DriveEntry.IdOf(target.Reader.DriveId, item.Id), cancellation) is null)
                newer.Add(item);
            else
                ledger.Warn($"'{item.Name}' in folder '{folder.Name}' lay in another place then; it was left where it is.");
        }
        foreach (var item in newer)
            await target.Writer.DeleteAsync(item.Id, cancellation);
        if (newer.Count > 0)
            ledger.Step(string.Create(CultureInfo.InvariantCulture, $"Moved {newer.Count} newer items of '{folder.Name}' to the recycle bin"));
    }
}
