using OrleansBackup.GrainInterfaces.Points;
using OrleansBackup.TimeTravel.Reading;
using OrleansBackup.TimeTravel.Visits;

namespace OrleansBackup.TimeTravel.Imap.Mailboxes;

/// <summary>A mail folder under the name that programs use for it.</summary>
/// <param name="Name">As the protocol writes it, the folders above it included.</param>
/// <param name="SpecialUse">Such as <c>\Sent</c> (RFC 6154); null: it is for nothing special.</param>
internal sealed record NamedFolder(FolderAtPoint Folder, string Name, bool HasChildren, string? SpecialUse);

/// <summary>The mail folders of an opened point.</summary>
internal sealed class MailFolders
{
    private const string Inbox = "INBOX", MailKind = "folder";

    private MailFolders(PointFolder top) => All = [.. top.Below.Select(folder => new NamedFolder(
        folder.Folder!, ModifiedUtf7.Encode(string.Join(FolderPattern.Separator, folder.Path)), folder.Children.Count > 0, UseOf(folder.Folder!.WellKnownName)))];

    public IReadOnlyList<NamedFolder> All { get; }

    public static Task<MailFolders> OfAsync(Visit visit, KeptReadings kept, CancellationToken cancellation) => kept.GetAsync(
        $"mail folders {visit.Opened.Point} {visit.Opened.Run}",
        async () => new MailFolders(PointFolder.Top(await visit.Point.ListFolders(visit.Ended), folder => folder.Kind == MailKind, folder => IsInbox(folder) ? Inbox : null)),
        folders => folders.All.Count, cancellation);

    public NamedFolder? Find(string name) => All.FirstOrDefault(folder => folder.Name == Canonical(name));

    public IEnumerable<NamedFolder> Matching(string pattern) => All.Where(folder => FolderPattern.Matches(folder.Name, pattern)
        || (folder.Name == Inbox && FolderPattern.Matches(Inbox, pattern.ToUpperInvariant()))); // the one name in which capitals do not count

    private static string Canonical(string name) => name.Equals(Inbox, StringComparison.OrdinalIgnoreCase) ? Inbox
        : name.StartsWith(Inbox + FolderPattern.Separator, StringComparison.OrdinalIgnoreCase) ? Inbox + name[Inbox.Length..] : name;

    private static bool IsInbox(FolderAtPoint folder) => folder.WellKnownName == "inbox";

    private static string? UseOf(string? wellKnownName) => wellKnownName switch
    {
        "sentitems" => "\\Sent",
        "drafts" => "\\Drafts",
        "deleteditems" => "\\Trash",
        "junkemail" => "\\Junk",
        "archive" => "\\Archive",
        _ => null,
    };
}
