using System.Collections.Immutable;

namespace OrleansBackup.GraphSimulator.World;

/// <summary>What can happen to a drive. <c>at</c> defaults to the clock and is never before the last event.</summary>
public sealed partial class Drive
{
    private const string Somebody = "Somebody";

    public DriveItem CreateFolder(DriveItem parent, string name, DateTimeOffset? at = null, string by = Somebody, DriveItemKind kind = DriveItemKind.Folder) =>
        Create(kind, parent, name, content: null, dates: null, at, by);

    /// <param name="dates">Created and modified as the client's file system has them; null: now.</param>
    public DriveItem CreateFile(DriveItem parent, string name, FileContent content, (DateTimeOffset Created, DateTimeOffset Modified)? dates = null,
        DateTimeOffset? at = null, string by = Somebody, FileOddities oddities = FileOddities.None) =>
        Create(DriveItemKind.File, parent, name, content, dates, at, by, oddities);

    private DriveItem Create(DriveItemKind kind, DriveItem parent, string name, FileContent? content, (DateTimeOffset Created, DateTimeOffset Modified)? dates,
        DateTimeOffset? at, string by, FileOddities oddities = FileOddities.None) => Read(() =>
    {
        var (sequence, time) = Next(at);
        var item = NewItem(kind);
        Place(new DriveItemVersion
        {
            Item = item, Sequence = sequence, At = time, Name = name, Parent = parent, Content = content, Oddities = oddities,
            Created = dates?.Created ?? time, Modified = dates?.Modified ?? time, CreatedBy = by, ModifiedBy = by,
        });
        return item;
    });

    /// <summary>New bytes for a file, as when it is saved: a new version of it.</summary>
    public DriveItemVersion Write(DriveItem file, FileContent content, DateTimeOffset? at = null, DateTimeOffset? modified = null, string by = Somebody) =>
        Change(file, (version, time) => version with { Content = content, ContentNumber = version.ContentNumber + 1, Modified = modified ?? time, ModifiedBy = by }, at);

    public DriveItemVersion Rename(DriveItem item, string name, DateTimeOffset? at = null) => Change(item, (version, _) => version with { Name = name }, at);

    /// <summary>Moves an item; what lies in a folder goes with it and is not told again.</summary>
    public DriveItemVersion Move(DriveItem item, DriveItem to, string? name = null, DateTimeOffset? at = null) =>
        Change(item, (version, _) => version with { Parent = to, Name = name ?? version.Name }, at);

    public DriveItemVersion SetDates(DriveItem item, DateTimeOffset created, DateTimeOffset modified, DateTimeOffset? at = null) =>
        Change(item, (version, _) => version with { Created = created, Modified = modified }, at);

    public DriveItemVersion SetOddities(DriveItem item, FileOddities oddities, DateTimeOffset? at = null) =>
        Change(item, (version, _) => version with { Oddities = oddities }, at);

    public DriveItemVersion Share(DriveItem item, Func<ImmutableArray<SharingPermission>, ImmutableArray<SharingPermission>> change, DateTimeOffset? at = null) =>
        Change(item, (version, _) => version with { Sharing = change(version.Sharing), IsSharingChange = true }, at);

    /// <summary>Into the recycle bin, with all that lies in it.</summary>
    public void Delete(DriveItem item, DateTimeOffset? at = null) => Read(() =>
    {
        var time = at ?? _clock.GetUtcNow(); // one time for all, by which they are known to have gone together
        foreach (var child in item.Children.ToList())
            Delete(child, time);
        return Change(item, (version, _) => version with { IsDeleted = true }, time);
    });

    /// <summary>Out of the recycle bin, with what went there with it; ids stay. Nothing happens when its folder is gone.</summary>
    public void Undelete(DriveItem item, DateTimeOffset? at = null) => Read(() =>
    {
        if (!item.Latest.IsDeleted || item.Latest.Parent is not { Latest.IsDeleted: false } parent || Child(parent, item.Latest.Name) is not null)
            return false;
        var gone = item.Latest.At;
        Change(item, (version, _) => version with { IsDeleted = false }, at);
        foreach (var child in _items.Values.Where(child => child.Latest is { IsDeleted: true } latest && latest.Parent == item && latest.At == gone).ToList())
            Undelete(child, at);
        return true;
    });

    private DriveItemVersion Change(DriveItem item, Func<DriveItemVersion, DateTimeOffset, DriveItemVersion> change, DateTimeOffset? at) => Read(() =>
    {
        var before = item.Latest;
        var (sequence, time) = Next(at);
        var after = change(before with { IsSharingChange = false }, time) with { Previous = before, Sequence = sequence, At = time, ChangeNumber = before.ChangeNumber + 1 };
        Place(after);
        return after;
    });

    private void Place(DriveItemVersion after)
    {
        if (after.Previous is { IsDeleted: false, Parent: { } left })
            left.Children.Remove(after.Item);
        after.Item.Latest = after;
        if (after is { IsDeleted: false, Parent: { } parent })
            parent.Children.Add(after.Item);
        _log.Add(after);
    }
}
