namespace OrleansBackup.GraphSimulator.Identity;

/// <summary>The application permissions that open something here, and which of them open what.</summary>
/// <remarks>Source: the service's published permission list; a test compares this table with it.</remarks>
public static class KnownPermissions
{
    public static IReadOnlyList<string> Users { get; } = ["User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];
    public static IReadOnlyList<string> UsersBasic { get; } = ["User.ReadBasic.All", .. Users];
    public static IReadOnlyList<string> Organization { get; } = ["Organization.Read.All", "Organization.ReadWrite.All", "User.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"];
    public static IReadOnlyList<string> Licences { get; } = ["LicenseAssignment.Read.All", "Organization.Read.All", "Organization.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];
    public static IReadOnlyList<string> MailboxSettings { get; } = ["MailboxSettings.Read", "MailboxSettings.ReadWrite"];
    public static IReadOnlyList<string> MailList { get; } = ["Mail.ReadBasic.All", "Mail.Read", "Mail.ReadWrite"];
    public static IReadOnlyList<string> MailRead { get; } = ["Mail.Read", "Mail.ReadWrite"];
    public static IReadOnlyList<string> MailWrite { get; } = ["Mail.ReadWrite"];
    public static IReadOnlyList<string> FilesRead { get; } = ["Files.Read.All", "Files.ReadWrite.All", "Sites.Read.All", "Sites.ReadWrite.All"];
    public static IReadOnlyList<string> FilesWrite { get; } = ["Files.ReadWrite.All", "Sites.ReadWrite.All"];

    public static IReadOnlyList<string> CalendarRead { get; } = ["Calendars.Read", "Calendars.ReadWrite"];
    public static IReadOnlyList<string> CalendarWrite { get; } = ["Calendars.ReadWrite"];
    public static IReadOnlyList<string> ContactRead { get; } = ["Contacts.Read", "Contacts.ReadWrite"];
    public static IReadOnlyList<string> ContactWrite { get; } = ["Contacts.ReadWrite"];
    public static IReadOnlyList<string> TaskRead { get; } = ["Tasks.Read.All", "Tasks.ReadWrite.All"];
    public static IReadOnlyList<string> TaskWrite { get; } = ["Tasks.ReadWrite.All"];

    /// <summary>Every permission named above.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. UsersBasic.Concat(Organization).Concat(Licences).Concat(MailboxSettings).Concat(MailList)
            .Concat(CalendarRead).Concat(ContactRead).Concat(TaskRead).Concat(FilesRead).Distinct()];
}
