using System.Collections.Immutable;

namespace OrleansBackup.GraphSimulator.World;

/// <summary>What an item of a drive is.</summary>
public enum DriveItemKind
{
    Root,
    Folder,
    File,

    /// <summary>A notebook: holds files and looks like one thing.</summary>
    Package,

    /// <summary>A link to an item of another drive.</summary>
    Shortcut,
}

/// <summary>What is wrong with a file, or with what the service says of it.</summary>
[Flags]
public enum FileOddities
{
    None = 0,
    HashMissing = 1,
    HashWrong = 2,

    /// <summary>The size is that of an earlier state, as happens to Office documents.</summary>
    SizeWrong = 4,
    Malware = 8,

    /// <summary>423 to readers and writers.</summary>
    Locked = 16,

    /// <summary>503 for ever, as some notebooks' files.</summary>
    NeverServed = 32,

    /// <summary>The malware scanner's verdict comes as a header of a good answer.</summary>
    InfectedHeader = 64,

    /// <summary>Also shows sha256, as personal drives do.</summary>
    HasSha256 = 128,
}

/// <summary>One item from its making to its end: a chain of versions, newest first, so that the past stays readable.</summary>
public sealed class DriveItem(long number, string id, DriveItemKind kind)
{
    public long Number { get; } = number;

    /// <summary>Keeps its id through renames, moves and the recycle bin.</summary>
    public string Id { get; } = id;

    public DriveItemKind Kind { get; } = kind;

    public bool HoldsItems => Kind is DriveItemKind.Root or DriveItemKind.Folder or DriveItemKind.Package;

    public DriveItemVersion Latest { get; internal set; } = null!;

    /// <summary>Items that lie directly in this one now.</summary>
    internal HashSet<DriveItem> Children { get; } = [];

    /// <summary>The version that was true at <paramref name="time"/>; null when there was no such item yet.</summary>
    public DriveItemVersion? At(DateTimeOffset time)
    {
        var version = Latest;
        while (version is not null && version.At > time)
            version = version.Previous;
        return version;
    }
}

/// <summary>An item as it was from one change to the next. Immutable.</summary>
public sealed record DriveItemVersion
{
    public required DriveItem Item { get; init; }
    public DriveItemVersion? Previous { get; init; }
    public required long Sequence { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Name { get; init; }

    /// <summary>Null for the root only.</summary>
    public required DriveItem? Parent { get; init; }

    public FileContent? Content { get; init; }

    /// <summary>Counts the contents that the file has had; the newest is the version's name.</summary>
    public int ContentNumber { get; init; } = 1;

    /// <summary>The dates that the client's file system knows; kept through uploads, in whole seconds.</summary>
    public required DateTimeOffset Created { get; init => field = WholeSeconds(value); }

    public required DateTimeOffset Modified { get; init => field = WholeSeconds(value); }

    public required string CreatedBy { get; init; }
    public required string ModifiedBy { get; init; }

    /// <summary>In the recycle bin.</summary>
    public bool IsDeleted { get; init; }

    public ImmutableArray<SharingPermission> Sharing { get; init; } = [];

    /// <summary>This version changed who may see the item, and nothing else.</summary>
    public bool IsSharingChange { get; init; }

    public FileOddities Oddities { get; init; }

    /// <summary>How many changes the item has had; its eTag is made from it.</summary>
    public int ChangeNumber { get; init; } = 1;

    private static DateTimeOffset WholeSeconds(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
}

/// <summary>Somebody may read or write an item: a person, a group, or whoever has a link.</summary>
/// <param name="Id">The permission's id.</param>
/// <param name="Role"><c>read</c>, <c>write</c> or <c>owner</c>.</param>
public sealed record SharingPermission(string Id, string Role)
{
    /// <summary>A user's id; null for a link or a SharePoint group.</summary>
    public string? UserId { get; init; }

    public string? Email { get; init; }
    public string? DisplayName { get; init; }

    /// <summary>Name of a SharePoint group, which nobody can be invited as.</summary>
    public string? SiteGroup { get; init; }

    /// <summary><c>view</c> or <c>edit</c>; null when this is no link.</summary>
    public string? LinkType { get; init; }

    /// <summary><c>organization</c>, <c>anonymous</c> or <c>users</c>.</summary>
    public string? LinkScope { get; init; }

    public string? LinkAddress { get; init; }
    public bool HasPassword { get; init; }
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Those whom a link of scope <c>users</c> is for.</summary>
    public ImmutableArray<string> LinkUsers { get; init; } = [];
}
