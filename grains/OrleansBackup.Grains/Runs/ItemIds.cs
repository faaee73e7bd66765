namespace OrleansBackup.Grains.Runs;

/// <summary>How items of several parts share one table: an item of any part but mail carries its part's name before Microsoft's id.</summary>
/// <remarks>
/// <c>calendar~AAMk…</c>. Ids of Graph never hold a tilde, and a tilde needs no escaping in an address. Mail came first and has bare ids. Stored: the form never changes.
/// </remarks>
internal static class ItemIds
{
    public const string Mail = "mail";
    public const string Calendar = "calendar";
    public const string Contacts = "contacts";
    public const string Tasks = "tasks";
    public const string Exports = "exports";
    public const string Drive = "drive";
    public const string Site = "site";
    public const string Team = "team";

    /// <summary>Of no part: what is half downloaded stands apart from what is there.</summary>
    public const string Transfer = "transfer";

    private const char Separator = '~';

    public static string Of(string part, string graphId) => $"{part}{Separator}{graphId}";

    /// <param name="containerId">What the id is unique in, where Microsoft's own is not unique in the resource: a drive, a channel.</param>
    public static string Of(string part, string containerId, string graphId) => $"{part}{Separator}{containerId}{Separator}{graphId}";

    /// <summary>The part that an item belongs to.</summary>
    public static string PartOf(string itemId) => itemId.IndexOf(Separator, StringComparison.Ordinal) is > 0 and var cut ? itemId[..cut] : Mail;

    /// <summary>Microsoft's id of the item.</summary>
    public static string GraphIdOf(string itemId) => itemId[(itemId.LastIndexOf(Separator) + 1)..];

    /// <summary>The id of what the item's own is unique in, or null.</summary>
    public static string? ContainerIdOf(string itemId) => itemId.Split(Separator) is [_, var container, _] ? container : null;
}
