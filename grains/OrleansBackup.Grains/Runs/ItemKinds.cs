using System.Collections.Frozen;

namespace OrleansBackup.Grains.Runs;

/// <summary>Every kind of item that a restore point can hold. Stored: a word, once used, keeps its meaning.</summary>
internal static class ItemKinds
{
    public const string Debt = "debt";

    /// <summary>A file that is half downloaded: in segments only, never in a point.</summary>
    public const string Transfer = "transfer";

    public const string MailFolder = "folder";
    public const string Message = "message";

    public const string CalendarGroup = "calendar-group";
    public const string Calendar = "calendar";
    public const string Event = "event";
    public const string ContactFolder = "contact-folder";
    public const string Contact = "contact";
    public const string TaskList = "task-list";
    public const string Task = "task";

    public const string Drive = "drive";
    public const string DriveFolder = "drive-folder";
    public const string File = "file";

    public const string Site = "site";
    public const string List = "list";
    public const string ListItem = "list-item";
    public const string Page = "page";
    public const string PageLibrary = "page-library";

    public const string Team = "team";
    public const string TeamMember = "team-member";
    public const string Channel = "channel";
    public const string ChannelMessage = "channel-message";

    /// <summary>What Teams itself noted in a channel: who came, what was renamed. Kept, and never put back.</summary>
    public const string ChannelEvent = "channel-event";
    public const string Tab = "tab";

    private static readonly FrozenSet<string> Containers = new[]
    {
        MailFolder, CalendarGroup, Calendar, ContactFolder, TaskList, Drive, DriveFolder, Site, List, PageLibrary, Team, Channel,
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Something that others lie in, and that a person browses as a folder.</summary>
    public static bool IsContainer(string kind) => Containers.Contains(kind);

    /// <summary>Something that counts as an item of the point: neither a container, nor an entry of the debt list, nor half a file.</summary>
    public static bool IsItem(string kind) => kind is not (Debt or Transfer) && !Containers.Contains(kind);
}
