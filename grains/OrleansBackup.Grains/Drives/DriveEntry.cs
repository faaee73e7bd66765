using System.Collections.Immutable;
using System.Globalization;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365.Drives;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Drives;

/// <summary>An item of a drive as it stands in the item table: the drive itself (its root), a folder, or a file.</summary>
/// <remarks>Known by its id alone: names change, folders move, and what lies in them is not told again. The written form is additive.</remarks>
internal sealed record DriveEntry
{
    public required string DriveId { get; init; }

    public required string GraphId { get; init; }

    public required DriveItemKind Kind { get; init; }

    public required string Name { get; init; }

    public string? ParentGraphId { get; init; }

    /// <summary>Bytes that we hold; for what we hold nothing of, 0.</summary>
    public long Size { get; init; }

    public DateTimeOffset? Created { get; init; }

    public DateTimeOffset? Modified { get; init; }

    public string ETag { get; init; } = "";

    public string? MimeType { get; init; }

    /// <summary>What we worked out of the bytes that we hold; null when we hold none.</summary>
    public string? QuickXorHash { get; init; }

    public string? ModifiedBy { get; init; }

    public bool IsShared { get; init; }

    /// <summary>What of its permissions can and cannot be given again, in the words of <see cref="SharingSummary"/>; null when nothing is set on it.</summary>
    public string? Sharing { get; init; }

    /// <summary>Why there are no bytes, in a word of the service; null when nothing is missing.</summary>
    public string? Problem { get; init; }

    /// <summary>Microsoft says another size or hash than that of the bytes that it hands out; they were read twice.</summary>
    public bool DiffersFromListing { get; init; }

    public ImmutableSortedDictionary<string, ContentReference> Contents { get; init; } = ImmutableSortedDictionary<string, ContentReference>.Empty;

    public string Id => IdOf(DriveId, GraphId);

    public bool IsContainer => Kind is DriveItemKind.Root or DriveItemKind.Folder or DriveItemKind.Package;

    public static string IdOf(string driveId, string graphId) => ItemIds.Of(ItemIds.Drive, driveId, graphId);

    /// <summary>As listed, before anything was read or stored.</summary>
    public static DriveEntry Of(string driveId, DriveItem item) => new()
    {
        DriveId = driveId, GraphId = item.Id, Kind = item.Kind, Name = item.Name, ParentGraphId = item.Kind == DriveItemKind.Root ? null : item.ParentId,
        Created = item.Created, Modified = item.Modified, ETag = item.ETag, MimeType = item.MimeType, ModifiedBy = item.ModifiedBy, IsShared = item.IsShared,
    };

    /// <summary>The listed marks and place over the stored bytes.</summary>
    public DriveEntry WithContentOf(DriveEntry stored) => this with
    {
        Size = stored.Size, QuickXorHash = stored.QuickXorHash, Problem = stored.Problem, DiffersFromListing = stored.DiffersFromListing, Sharing = stored.Sharing, Contents = stored.Contents,
    };

    public ItemVersion Write()
    {
        var properties = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        void Set(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                properties[name] = value;
        }
        Set("eTag", ETag);
        Set("created", Text(Created));
        Set("modified", Text(Modified));
        Set("mime", MimeType);
        Set("quickXor", QuickXorHash);
        Set("modifiedBy", ModifiedBy);
        Set("shared", IsShared ? "1" : null);
        Set("sharing", Sharing);
        Set("problem", Problem);
        Set("differs", DiffersFromListing ? "1" : null);
        Set("facet", Kind switch { DriveItemKind.Package => "package", DriveItemKind.Shortcut => "shortcut", _ => null });
        var kind = Kind switch { DriveItemKind.Root => ItemKinds.Drive, DriveItemKind.Folder or DriveItemKind.Package => ItemKinds.DriveFolder, _ => ItemKinds.File };
        return new ItemVersion(Id, ParentGraphId is null ? null : IdOf(DriveId, ParentGraphId), kind, Name, Size, Modified, properties.ToImmutable(), Contents);

        static string? Text(DateTimeOffset? time) => time?.ToString("O", CultureInfo.InvariantCulture);
    }

    public static DriveEntry Read(ItemVersion item)
    {
        return new DriveEntry
        {
            DriveId = ItemIds.ContainerIdOf(item.Id) ?? throw new FormatException($"'{item.Id}' is no id of an item of a drive."),
            GraphId = ItemIds.GraphIdOf(item.Id),
            Kind = (item.Kind, Get("facet")) switch
            {
                (ItemKinds.Drive, _) => DriveItemKind.Root,
                (ItemKinds.DriveFolder, "package") => DriveItemKind.Package,
                (ItemKinds.DriveFolder, _) => DriveItemKind.Folder,
                (_, "shortcut") => DriveItemKind.Shortcut,
                _ => DriveItemKind.File,
            },
            Name = item.Name,
            ParentGraphId = item.ParentId is { } parent ? ItemIds.GraphIdOf(parent) : null,
            Size = item.Size,
            Created = Time(Get("created")),
            Modified = Time(Get("modified")),
            ETag = Get("eTag") ?? "",
            MimeType = Get("mime"),
            QuickXorHash = Get("quickXor"),
            ModifiedBy = Get("modifiedBy"),
            IsShared = Get("shared") is not null,
            Sharing = Get("sharing"),
            Problem = Get("problem"),
            DiffersFromListing = Get("differs") is not null,
            Contents = item.Contents,
        };

        string? Get(string name) => item.Properties.GetValueOrDefault(name);

        static DateTimeOffset? Time(string? text) => text is null ? null : DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
    }
}
