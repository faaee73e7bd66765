namespace OrleansBackup.Microsoft365.Sites;

/// <summary>Kinds of loss when lists, items and pages are put back. Stored in outcomes: a word, once used, keeps its meaning.</summary>
public static class SiteLossKind
{
    /// <summary>Who made and changed it, and when: the service writes the application and now.</summary>
    public const string AuthorAndDates = "authorAndDates";

    /// <summary>A column that the service does not make or write; <c>Name</c> is the column.</summary>
    public const string Column = "column";

    /// <summary>The value of one column was refused, and the item is there without it; <c>Name</c> is the column.</summary>
    public const string FieldRefused = "fieldRefused";

    /// <summary>A person or an item of another list, whose number means somebody else in another site; <c>Name</c> is the column.</summary>
    public const string Reference = "reference";

    /// <summary>Files that hung on a list item, which Graph neither hands out nor takes.</summary>
    public const string ItemAttachments = "itemAttachments";

    /// <summary>The list has another name; <c>Name</c> is the one that it had.</summary>
    public const string ListName = "listName";

    /// <summary>What is on the page was refused, and the page is there without it.</summary>
    public const string PageContent = "pageContent";

    /// <summary>The page has another file name; <c>Name</c> is the one that it had.</summary>
    public const string PageName = "pageName";

    /// <summary>The page is there and is not published.</summary>
    public const string NotPublished = "notPublished";
}
