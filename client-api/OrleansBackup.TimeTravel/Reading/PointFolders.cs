using System.Collections.Immutable;
using OrleansBackup.ClientApi.Points;
using OrleansBackup.GrainInterfaces.Points;

namespace OrleansBackup.TimeTravel.Reading;

/// <summary>A folder of a restore point under the name that programs see: safe in a path, and no two alike beside each other.</summary>
internal sealed class PointFolder(FolderAtPoint? folder, string name, PointFolder? parent)
{
    private readonly List<PointFolder> _children = [];

    /// <summary>Null: the top, when it stands for no folder of the point.</summary>
    public FolderAtPoint? Folder { get; } = folder;

    public string Name { get; } = name;

    public PointFolder? Parent { get; } = parent;

    public IReadOnlyList<PointFolder> Children => _children;

    /// <summary>Names from the top down.</summary>
    public ImmutableArray<string> Path => Parent is null ? [] : Parent.Path.Add(Name);

    public IEnumerable<PointFolder> Below => _children.SelectMany(child => child.Below.Prepend(child));

    public PointFolder? Find(string child) => _children.FirstOrDefault(one => one.Name == child);

    /// <param name="wanted">Folders that are no part of what is shown take all below them away.</param>
    /// <param name="nameOf">A name that only has to be safe; null: made from the folder's own.</param>
    public static PointFolder Top(ImmutableArray<FolderAtPoint> folders, Func<FolderAtPoint, bool> wanted, Func<FolderAtPoint, string?> nameOf)
    {
        var children = folders.Where(wanted).ToLookup(folder => folder.ParentId);
        var known = folders.Select(folder => folder.Id).ToHashSet(StringComparer.Ordinal);
        var tops = folders.Where(folder => wanted(folder) && (folder.ParentId is null || !known.Contains(folder.ParentId))).ToList();
        // A drive is nothing but its contents: whoever opens it wants to see those.
        var top = tops is [{ Kind: "drive" } drive] ? new PointFolder(drive, "", null) : new PointFolder(null, "", null);
        top.Fill(top.Folder is null ? tops : children[top.Folder.Id], children, nameOf);
        return top;
    }

    private void Fill(IEnumerable<FolderAtPoint> folders, ILookup<string?, FolderAtPoint> children, Func<FolderAtPoint, string?> nameOf)
    {
        var names = new NamesOfOneFolder();
        foreach (var folder in folders.OrderByDescending(folder => nameOf(folder) is not null)) // given names first: they must not be taken
        {
            var child = new PointFolder(folder, names.Take(nameOf(folder) ?? SafeFileName.Of(folder.Name, "folder"), ""), this);
            _children.Add(child);
            child.Fill(children[folder.Id], children, nameOf);
        }
    }
}
