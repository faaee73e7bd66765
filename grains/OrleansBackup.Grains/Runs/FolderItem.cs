using System.Collections.Immutable;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Runs;

/// <summary>Something that items lie in (a mail folder, a calendar, a folder of files, a channel), as it stands in the item table. Known by its id alone: names
/// repeat among siblings and change.</summary>
internal sealed record FolderItem(string Id, string? ParentId, string Name, bool Hidden, string? WellKnownName)
{
    /// <summary>A container of <see cref="ItemKinds"/>.</summary>
    public string Kind { get; init; } = ItemKinds.MailFolder;

    /// <summary>A notebook or another package of a drive, which no application can make: it comes back as a folder.</summary>
    public bool IsPackage { get; init; }

    public ItemVersion Write()
    {
        var properties = ImmutableSortedDictionary<string, string>.Empty;
        if (Hidden)
            properties = properties.Add("hidden", "1");
        if (WellKnownName is not null)
            properties = properties.Add("wellKnown", WellKnownName);
        return new ItemVersion(Id, ParentId, Kind, Name, 0, null, properties, ImmutableSortedDictionary<string, ContentReference>.Empty);
    }

    public static FolderItem Read(ItemVersion item) =>
        new(item.Id, item.ParentId, item.Name, item.Properties.ContainsKey("hidden"), item.Properties.GetValueOrDefault("wellKnown")) { Kind = item.Kind, IsPackage = item.Properties.GetValueOrDefault("facet") == "package" };
}
