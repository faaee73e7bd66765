using System.Collections.Immutable;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365.Sites;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Sites;

/// <summary>How what is in a site stands in the item table. Stored: ids and words never change.</summary>
internal static class SiteItems
{
    public const string Lists = "lists";
    public const string Pages = "pages";

    /// <summary>That files hang on a list item, which Graph does not hand out.</summary>
    public const string AttachmentsProperty = "attachmentsNotBackedUp";

    public const string TemplateProperty = "template";
    public const string PublishedProperty = "published";

    public static string SiteId(string siteId) => ItemIds.Of(ItemIds.Site, siteId);

    public static string ListId(string listId) => ItemIds.Of(Lists, listId);

    public static string ItemId(string listId, string itemId) => ItemIds.Of(Lists, listId, itemId);

    /// <summary>Pages lie in a container of their own, so that they can be chosen together.</summary>
    public static string PagesId(string siteId) => ItemIds.Of(Pages, siteId);

    public static string PageId(string siteId, string pageId) => ItemIds.Of(Pages, siteId, pageId);

    public static ItemVersion List(string siteId, SiteList list) => Plain(ListId(list.Id), SiteId(siteId), ItemKinds.List, list.Name, null) with
    {
        Properties = (list.IsHidden ? Properties.Add("hidden", "1") : Properties).Add(TemplateProperty, list.Template),
    };

    public static ItemVersion Item(string listId, ListEntry entry) => Plain(ItemId(listId, entry.Id), ListId(listId), ItemKinds.ListItem, entry.Title ?? "", entry.Modified) with
    {
        Properties = entry.HasAttachments ? Properties.Add(AttachmentsProperty, "1") : Properties,
    };

    public static ItemVersion Page(string siteId, SitePage page) => Plain(PageId(siteId, page.Id), PagesId(siteId), ItemKinds.Page, page.Title is { Length: > 0 } title ? title : page.Name, page.Modified) with
    {
        Properties = page.IsPublished ? Properties.Add(PublishedProperty, "1") : Properties,
    };

    public static ItemVersion Plain(string id, string? parentId, string kind, string name, DateTimeOffset? time) =>
        new(id, parentId, kind, name, 0, time, Properties, ImmutableSortedDictionary<string, ContentReference>.Empty);

    private static ImmutableSortedDictionary<string, string> Properties => ImmutableSortedDictionary<string, string>.Empty;
}
