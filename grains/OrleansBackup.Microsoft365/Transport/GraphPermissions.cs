using System.Collections.Immutable;

namespace OrleansBackup.Microsoft365.Transport;

/// <summary>The application permissions that each kind of request is satisfied with, least privileged first.</summary>
/// <remarks>Source: Microsoft's permission table for Graph v1.0; a test compares.</remarks>
internal static class GraphPermissions
{
    public static ImmutableArray<string> ReadUsers { get; } = ["User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];

    /// <summary>Narrower than <see cref="ReadUsers"/>: the permissions for the directory do not reach into mailboxes.</summary>
    public static ImmutableArray<string> TranslateIds { get; } = ["User.Read.All", "User.ReadWrite.All"];

    public static ImmutableArray<string> ReadOrganization { get; } = ["User.Read.All", "Organization.Read.All", "Organization.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];

    public static ImmutableArray<string> ReadMail { get; } = ["Mail.Read", "Mail.ReadWrite"];

    public static ImmutableArray<string> WriteMail { get; } = ["Mail.ReadWrite"];

    public static ImmutableArray<string> ReadCalendars { get; } = ["Calendars.Read", "Calendars.ReadWrite"];

    public static ImmutableArray<string> WriteCalendars { get; } = ["Calendars.ReadWrite"];

    public static ImmutableArray<string> ReadContacts { get; } = ["Contacts.Read", "Contacts.ReadWrite"];

    public static ImmutableArray<string> WriteContacts { get; } = ["Contacts.ReadWrite"];

    public static ImmutableArray<string> ReadTasks { get; } = ["Tasks.Read.All", "Tasks.ReadWrite.All"];

    public static ImmutableArray<string> WriteTasks { get; } = ["Tasks.ReadWrite.All"];

    public static ImmutableArray<string> ReadFiles { get; } = ["Files.Read.All", "Files.ReadWrite.All", "Sites.Read.All", "Sites.ReadWrite.All"];

    public static ImmutableArray<string> WriteFiles { get; } = ["Files.ReadWrite.All", "Sites.ReadWrite.All"];

    /// <summary>Narrower than <see cref="WriteFiles"/>: the table lets no application open an upload session with a permission for files alone.</summary>
    public static ImmutableArray<string> UploadFiles { get; } = ["Sites.ReadWrite.All"];

    public static ImmutableArray<string> ExportItems { get; } = ["MailboxItem.Export.All", "MailboxItem.ImportExport.All"];

    public static ImmutableArray<string> ImportItems { get; } = ["MailboxItem.ImportExport.All"];

    public static ImmutableArray<string> ReadMailboxSettings { get; } = ["MailboxSettings.Read", "MailboxSettings.ReadWrite"];
}
