using System.Collections.Immutable;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Mailboxes;

/// <summary>A mail folder as it stands in the item table. Known by its id alone: names repeat among siblings and change.</summary>
internal sealed record FolderItem(string Id, string? ParentId, string Name, bool Hidden, string? WellKnownName)
{
    public static FolderItem Of(MailFolder folder) =>
        new(folder.Id, folder.ParentFolderId, folder.DisplayName, folder.IsHidden, folder.WellKnownName);

    public ItemVersion Write()
    {
        var properties = ImmutableSortedDictionary<string, string>.Empty;
        if (Hidden)
            properties = properties.Add("hidden", "1");
        if (WellKnownName is not null)
            properties = properties.Add("wellKnown", WellKnownName);
        return new ItemVersion(Id, ParentId, ItemKinds.MailFolder, Name, 0, null, properties, ImmutableSortedDictionary<string, ContentReference>.Empty);
    }

    public static FolderItem Read(ItemVersion item) =>
        new(item.Id, item.ParentId, item.Name, item.Properties.ContainsKey("hidden"), item.Properties.GetValueOrDefault("wellKnown"));
}
