using System.Globalization;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Generation;

/// <summary>One drive's day: files come, are saved again, renamed, moved, shared, deleted and fetched back from the bin. Seeded.</summary>
internal sealed class DriveLife(Drive drive, SimulatedTenant tenant, SortedDictionary<string, int> counts)
{
    public void PlayDay(DateTimeOffset start, double intensity, ulong seed)
    {
        // Empty drives stay empty: a tenant without files pays nothing for them.
        if (!drive.Read(() => drive.AllItems.Count > 1))
            return;
        var random = new SeededRandom(seed);
        var count = Math.Max(1, (int)(intensity * (0.5 + random.Fraction())));
        var times = new List<DateTimeOffset>(count);
        for (var i = 0; i < count; i++)
            times.Add(start.AddSeconds(random.Below(22 * 3600)));
        times.Sort();
        drive.Read(() =>
        {
            foreach (var at in times)
            {
                var kind = Change(ref random, at);
                counts[kind] = counts.GetValueOrDefault(kind) + 1;
            }
            return true;
        });
    }

    private string Change(ref SeededRandom random, DateTimeOffset at)
    {
        var files = Living(DriveItemKind.File);
        var folders = Living(DriveItemKind.Folder);
        var kind = random.Below(100);
        if (kind < 25 || files.Count == 0)
        {
            DriveGenerator.NewFile(drive, Folder(ref random, folders), ref random, at);
            return "fileCreated";
        }
        var file = random.Pick(files);
        switch (kind)
        {
            case < 45:
                drive.Write(file, DriveGenerator.NewContent(ref random), at, at);
                return "fileEdited";
            case < 53:
                return Renamed(file, ref random, at) ? "fileRenamed" : "nothing";
            case < 62:
                return Moved(file, Folder(ref random, folders), at) ? "fileMoved" : "nothing";
            case < 70:
                drive.Delete(file, at);
                return "fileDeleted";
            case < 74:
                return Undelete(ref random, at);
            case < 80:
                drive.Share(file, sharing => sharing.IsEmpty ? [SomebodyNew(at)] : [], at);
                return "fileShared";
            default:
                return ChangeFolders(folders, ref random, at);
        }

        SharingPermission SomebodyNew(DateTimeOffset moment)
        {
            var own = new SeededRandom((ulong)moment.UtcTicks);
            return DriveGenerator.Permission(ref own, tenant);
        }
    }

    private string ChangeFolders(List<DriveItem> folders, ref SeededRandom random, DateTimeOffset at)
    {
        var kind = folders.Count < 3 ? 0 : random.Below(10);
        switch (kind)
        {
            case < 4:
                var parent = Folder(ref random, folders);
                var name = string.Create(CultureInfo.InvariantCulture, $"{random.Pick(Words.Folders).Replace('/', '-')} {random.Below(100_000)}");
                if (drive.Child(parent, name) is not null)
                    return "nothing";
                drive.CreateFolder(parent, name, at);
                return "folderCreated";
            case < 6:
                return Renamed(random.Pick(folders), ref random, at) ? "folderRenamed" : "nothing";
            case < 8:
                return Moved(random.Pick(folders), Folder(ref random, folders), at) ? "folderMoved" : "nothing";
            case 8:
                drive.Delete(random.Pick(folders), at);
                return "folderDeleted";
            default:
                return Undelete(ref random, at);
        }
    }

    private string Undelete(ref SeededRandom random, DateTimeOffset at)
    {
        var gone = drive.AllItems.Where(item => item.Latest.IsDeleted).ToList();
        if (gone.Count == 0)
            return "nothing";
        drive.Undelete(random.Pick(gone), at);
        return "undeleted";
    }

    private bool Renamed(DriveItem item, ref SeededRandom random, DateTimeOffset at)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"renamed {random.Below(1_000_000)}{Path.GetExtension(item.Latest.Name)}");
        if (drive.Child(item.Latest.Parent!, name) is not null)
            return false;
        drive.Rename(item, name, at);
        return true;
    }

    private bool Moved(DriveItem item, DriveItem to, DateTimeOffset at)
    {
        for (var above = to; above is not null; above = above.Latest.Parent)
        {
            if (above == item)
                return false;
        }
        if (drive.Child(to, item.Latest.Name) is not null)
            return false;
        drive.Move(item, to, at: at);
        return true;
    }

    private DriveItem Folder(ref SeededRandom random, List<DriveItem> folders) => folders.Count == 0 || random.Chance(0.3) ? drive.Root : random.Pick(folders);

    // What lies in a notebook is nobody's to move about.
    private List<DriveItem> Living(DriveItemKind kind) => [.. drive.AllItems.Where(item => item.Kind == kind && !item.Latest.IsDeleted
        && item.Latest.Parent?.Kind != DriveItemKind.Package && item.Latest.Oddities is FileOddities.None)];
}
