using System.Collections.Immutable;
using System.Globalization;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Runs;

/// <summary>A debt as it stands in the item table: something that Microsoft 365 lists and could not hand over.</summary>
/// <remarks>It is part of the restore point, so that a point says itself what it lacks. The checkpoint goes on; the debt is retried at each run.</remarks>
internal static class DebtItem
{
    private const string Prefix = "debt:";
    private const string FolderPrefix = "folder:";

    public static string IdOf(string itemId) => Prefix + itemId;

    /// <summary>What is owed of a folder that cannot be listed to its end: it is not even known which items are missing.</summary>
    public static string OfFolder(string folderId) => FolderPrefix + folderId;

    public static bool IsOfFolder(string itemId) => itemId.StartsWith(FolderPrefix, StringComparison.Ordinal);

    /// <summary>The part of the run that owes it.</summary>
    public static string PartOf(string itemId) => ItemIds.PartOf(IsOfFolder(itemId) ? itemId[FolderPrefix.Length..] : itemId);

    public static ItemVersion Write(ItemDebt debt) => new(IdOf(debt.ItemId), debt.FolderId, ItemKinds.Debt, debt.Subject, 0, debt.Since,
        ImmutableSortedDictionary<string, string>.Empty
            .Add("error", debt.Error)
            .Add("attempts", debt.Attempts.ToString(CultureInfo.InvariantCulture)),
        ImmutableSortedDictionary<string, ContentReference>.Empty);

    public static ItemDebt Read(ItemVersion item) => new(item.Id[Prefix.Length..], item.ParentId, item.Name, item.Properties["error"],
        item.Time!.Value, int.Parse(item.Properties["attempts"], CultureInfo.InvariantCulture));
}
