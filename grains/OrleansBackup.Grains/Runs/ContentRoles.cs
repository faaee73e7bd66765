namespace OrleansBackup.Grains.Runs;

/// <summary>What a content of an item is. Stored: a word, once used, keeps its meaning. Mail has words of its own, which came first.</summary>
internal static class ContentRoles
{
    /// <summary>The item as Microsoft Graph sent it: JSON, byte for byte.</summary>
    public const string Json = "json";

    /// <summary>The bytes of a file.</summary>
    public const string Content = "content";

    public const string Photo = "photo";

    /// <summary>Who may do what with it: JSON of Graph's list of permissions.</summary>
    public const string Permissions = "permissions";

    /// <summary>Exchange's own form of the item, which it takes back exactly.</summary>
    public const string Export = "export";
}
