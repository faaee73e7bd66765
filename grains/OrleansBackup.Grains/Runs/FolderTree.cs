using System.Collections.Immutable;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Runs;

/// <summary>What the items of one resource lie in, held together: a few thousand folders of a mailbox, up to some hundred thousand of a drive.</summary>
/// <remarks>A parent can arrive after its child and the root is not listed, so a folder whose parent is unknown stands at the top.</remarks>
internal sealed class FolderTree(IEnumerable<FolderItem> folders)
{
    private readonly Dictionary<string, FolderItem> _byId = folders.ToDictionary(folder => folder.Id, StringComparer.Ordinal);

    public IReadOnlyCollection<FolderItem> All => _byId.Values;

    public static async Task<FolderTree> ReadAsync(IAsyncEnumerable<ItemVersion> items, CancellationToken cancellation)
    {
        var folders = new List<FolderItem>();
        await foreach (var item in items.WithCancellation(cancellation))
            folders.Add(FolderItem.Read(item));
        return new FolderTree(folders);
    }

    /// <summary>Every container of a restore point, whatever its kind.</summary>
    public static async Task<FolderTree> ReadAsync(PointReader point, CancellationToken cancellation)
    {
        var folders = new List<FolderItem>();
        foreach (var kind in point.Point.ItemsByKind.Keys.Where(ItemKinds.IsContainer))
            await foreach (var item in point.ItemsAsync(new ItemFilter(kind, null), cancellation))
                folders.Add(FolderItem.Read(item));
        return new FolderTree(folders);
    }

    public FolderItem? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>The package that a folder is or lies in; null: none.</summary>
    public FolderItem? PackageOf(string? id)
    {
        var visited = new HashSet<string>(StringComparer.Ordinal);
        for (var folder = id is null ? null : Find(id); folder is not null && visited.Add(folder.Id); folder = folder.ParentId is null ? null : Find(folder.ParentId))
            if (folder.IsPackage)
                return folder;
        return null;
    }

    /// <summary>Names from the top down to this folder.</summary>
    public ImmutableArray<string> PathOf(string id)
    {
        var path = new List<string>();
        var visited = new HashSet<string>(StringComparer.Ordinal); // two moves seen half-way can make a ring
        for (var folder = Find(id); folder is not null && visited.Add(folder.Id); folder = folder.ParentId is null ? null : Find(folder.ParentId))
            path.Add(folder.Name);
        path.Reverse();
        return [.. path];
    }

    /// <summary>This folder and all below it, parents before children.</summary>
    public ImmutableArray<FolderItem> Subtree(string id)
    {
        var children = _byId.Values.ToLookup(folder => folder.ParentId ?? "", StringComparer.Ordinal);
        var found = ImmutableArray.CreateBuilder<FolderItem>();
        var visited = new HashSet<string>(StringComparer.Ordinal);
        var next = new Queue<FolderItem>(Find(id) is { } top ? [top] : []);
        while (next.TryDequeue(out var folder))
        {
            if (!visited.Add(folder.Id))
                continue;
            found.Add(folder);
            foreach (var child in children[folder.Id].OrderBy(child => child.Name, StringComparer.Ordinal).ThenBy(child => child.Id, StringComparer.Ordinal))
                next.Enqueue(child);
        }
        return found.ToImmutable();
    }

    /// <summary>Every folder, parents before children.</summary>
    public ImmutableArray<FolderItem> InOrder() =>
        [.. _byId.Values.Where(folder => folder.ParentId is null || !_byId.ContainsKey(folder.ParentId))
            .OrderBy(folder => folder.Name, StringComparer.Ordinal).ThenBy(folder => folder.Id, StringComparer.Ordinal)
            .SelectMany(top => Subtree(top.Id))];
}
