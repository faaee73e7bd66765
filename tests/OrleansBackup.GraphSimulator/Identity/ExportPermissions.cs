namespace OrleansBackup.GraphSimulator.Identity;

/// <summary>The application permissions that open the export and import of mailbox items. A tenant made without naming its permissions has none of them.</summary>
/// <remarks>Source: the service's published permission list; a test compares this table with it.</remarks>
public static class ExportPermissions
{
    public static IReadOnlyList<string> Folders { get; } = ["MailboxFolder.Read.All", "MailboxFolder.ReadWrite.All"];
    public static IReadOnlyList<string> Items { get; } = ["MailboxItem.Read.All"];
    public static IReadOnlyList<string> Export { get; } = ["MailboxItem.Export.All", "MailboxItem.ImportExport.All"];
    public static IReadOnlyList<string> Import { get; } = ["MailboxItem.ImportExport.All"];

    /// <summary>Every permission named above.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Folders.Concat(Items).Concat(Export).Concat(Import).Distinct()];
}
