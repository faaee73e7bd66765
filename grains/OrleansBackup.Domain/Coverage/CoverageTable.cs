using System.Collections.Immutable;
using System.Text;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.Domain.Coverage;

/// <summary>What is protected, how it comes back, and what Microsoft makes impossible: the one source for documents, API, portal and report.</summary>
/// <remarks>
/// Source of the duty: terms, 3.2 and 6.1 to 6.3; service description, "Inhoud". A test holds it against the code: every loss that a restore can name stands here,
/// every kind has its lines, and the published page says the same.
/// </remarks>
public static class CoverageTable
{
    public static ImmutableArray<CoverageEntry> All { get; } =
    [
        Of(ResourceKind.Mailbox, "Messages in every folder, hidden ones by choice: text, headers, dates, read state, flags, categories, importance",
            Kept.Whole, ComesBack.WithLosses, "As they were, by Exchange's own form of items, where the tenant permits importing. Otherwise each is written anew, and what the service does not take is named in the outcome.",
            "addresses", "flagDates", "draftDates", "headers", "messageClass", "textAttached", "messageId", "notBackedUp", "notWrittenDown"),
        Of(ResourceKind.Mailbox, "Attachments of messages, of any size, other items among them", Kept.Whole, ComesBack.WithLosses,
            "What Microsoft 365 cannot open itself is owed and tried again at each run.", "attachment", "attachmentName", "attachedItemBytes", "attachedItemAsFile"),
        Of(ResourceKind.Mailbox, "Folders and their places", Kept.Whole, ComesBack.WithLosses, "Search folders are no folders and are left out.", "folderName", "foldersMerged"),
        Of(ResourceKind.Mailbox, "Calendars with all events: series, exceptions, cancelled days, attendees, attachments, online-meeting data, time zones", Kept.Whole, ComesBack.WithLosses,
            "No restore writes to anybody. Without importing, the attendees come back as text of the event, and online meetings without their room at the provider.",
            "attendees", "organizer", "onlineMeeting", "timeZone", "occurrence", "cancelled", "recurrence", "notReplaced", "container"),
        Of(ResourceKind.Mailbox, "Contacts in every folder, with their pictures", Kept.Whole, ComesBack.WithLosses, "Distribution lists are not given by Microsoft Graph.", "photo"),
        Of(ResourceKind.Mailbox, "Task lists: tasks, steps, links, attachments", Kept.Whole, ComesBack.WithLosses, "When a task was made is set by the service anew.", "taskPart"),
        Of(ResourceKind.Mailbox, "Rules, signatures, settings, permissions of folders", Kept.Nothing, ComesBack.NotAtAll, "Not read by this release."),
        Of(ResourceKind.OneDrive, "Files of any size and folders: names, places, bytes, dates", Kept.Whole, ComesBack.WithLosses,
            "Each day is a version; versions within a day are not kept. Who made and last changed a file is recorded and cannot be set.", "name", "authors", "dates", "content", "changedByService"),
        Of(ResourceKind.OneDrive, "Sharing: permissions and links", Kept.Whole, ComesBack.WithLosses,
            "Recorded always, put back by choice, without a message to anybody. A link gets another address.", "permission", "linkAddress", "linkPassword"),
        Of(ResourceKind.OneDrive, "Notebooks and other packages", Kept.Partly, ComesBack.WithLosses, "As the folder of files that Microsoft Graph shows. It comes back as such a folder, which its program does not open as a notebook: no application can make one.", "package"),
        Of(ResourceKind.OneDrive, "Files that Microsoft marks as malware, or has locked", Kept.Nothing, ComesBack.NotAtAll, "Microsoft does not hand them over; each is listed with its reason."),
        Of(ResourceKind.OneDrive, "Files shared in chats", Kept.Whole, ComesBack.AsItWas, "They lie in the OneDrive of whoever shared them."),
        Of(ResourceKind.Site, "Document libraries", Kept.Whole, ComesBack.WithLosses, "As files of a OneDrive."),
        Of(ResourceKind.Site, "Lists: columns and items", Kept.Whole, ComesBack.WithLosses,
            "Authors and dates of items are recorded and cannot be set. Calculated columns are calculated anew.", "authorAndDates", "column", "fieldRefused", "reference", "listName"),
        Of(ResourceKind.Site, "Attachments of list items", Kept.Nothing, ComesBack.NotAtAll, "Microsoft Graph does not give them; which items have some is recorded.", "itemAttachments"),
        Of(ResourceKind.Site, "Pages", Kept.Whole, ComesBack.WithLosses, "Some web parts are not taken back.", "pageContent", "pageName", "notPublished"),
        Of(ResourceKind.Site, "Permissions granted to applications, site properties", Kept.Whole, ComesBack.NotAtAll, "Recorded to be read."),
        Of(ResourceKind.Site, "Groups and permission levels of SharePoint, placing of items in folders of a list, site design", Kept.Nothing, ComesBack.NotAtAll, "Microsoft Graph does not give them."),
        Of(ResourceKind.Team, "Settings, members and owners, tabs, channels", Kept.Whole, ComesBack.WithLosses, "Put back by choice. What a tab shows lies with its application."),
        Of(ResourceKind.Team, "Messages of channels with replies, reactions, mentions and pictures", Kept.Whole, ComesBack.WithLosses,
            "Into a channel with author and time where the tenant permits it; otherwise as an archive of pages in the channel's files. An application cannot change a message that is there.",
            "asArchive", "reactions", "mentions", "cards", "picture", "time", "chain", "edited"),
        Of(ResourceKind.Team, "Files of channels", Kept.Whole, ComesBack.WithLosses, "They lie in the site of the team or of the channel, and are in its backup."),
        .. ResourceKinds.Unprotectable.Select(kind => Of(kind, kind.Plural(), Kept.Nothing, ComesBack.NotAtAll, kind.Limitation()!)),
    ];

    /// <summary>The table as a page.</summary>
    public static string ToMarkdown()
    {
        var page = new StringBuilder("# What is in the backup, and how it comes back\n\n"
            + "This page is written by the code; a test compares. A restore names every loss of every item under the words in the last column.\n\n"
            + "Rehearsals really restore samples of messages, events, contacts, tasks, files, list items, pages and messages of channels (those as pages of the archive) into a place made for it, "
            + "read them back from Microsoft 365, compare and clear. Whatever else they draw is read from the store and hashed again, and the signed record says why.\n");
        foreach (var kind in All.GroupBy(entry => entry.Kind))
        {
            page.Append($"\n## {char.ToUpperInvariant(kind.Key.Plural()[0])}{kind.Key.Plural()[1..]}\n\n| what | kept | comes back | to know | losses |\n| --- | --- | --- | --- | --- |\n");
            foreach (var entry in kind)
                page.Append($"| {entry.What} | {Word(entry.Kept)} | {Word(entry.ComesBack)} | {entry.Note} | {string.Join(", ", entry.Losses.Select(loss => $"`{loss}`"))} |\n");
        }
        return page.ToString();
    }

    private static string Word(Kept kept) => kept switch { Kept.Whole => "yes", Kept.Partly => "partly", _ => "no" };

    private static string Word(ComesBack back) => back switch { ComesBack.AsItWas => "as it was", ComesBack.WithLosses => "with what is named", _ => "no" };

    private static CoverageEntry Of(ResourceKind kind, string what, Kept kept, ComesBack back, string note, params ImmutableArray<string> losses) => new(kind, what, kept, back, note, losses);
}
