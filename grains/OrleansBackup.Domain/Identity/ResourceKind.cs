namespace OrleansBackup.Domain.Identity;

/// <summary>What kind of thing in a tenant is protected, or is known not to be. Each kind that can be protected has its own grain and its own workload.</summary>
public enum ResourceKind
{
    /// <summary>The mailbox of a user, a shared mailbox, a room or a piece of equipment: mail, calendars, contacts, tasks. Its id is the user's.</summary>
    Mailbox = 1,

    /// <summary>The OneDrive of a user. Its id is the user's, not the drive's.</summary>
    OneDrive = 2,

    /// <summary>A SharePoint site: libraries, lists, pages. Its id is Graph's: host name, site collection and web.</summary>
    Site = 3,

    /// <summary>A team: settings, members, channels and their messages. Its id is that of its Microsoft 365 group.</summary>
    Team = 4,

    /// <summary>The conversations of a Microsoft 365 group. Its id is the group's.</summary>
    GroupMailbox = 101,

    /// <summary>In-place archives of mailboxes, all of a tenant as one.</summary>
    Archives = 102,

    /// <summary>Public folders, all of a tenant as one.</summary>
    PublicFolders = 103,

    /// <summary>Direct and group chats, all of a tenant as one.</summary>
    Chats = 104,
}

/// <summary>The written form of a kind: part of grain keys and vault names, so a token, once used, never changes. And what Microsoft makes impossible.</summary>
public static class ResourceKinds
{
    private static readonly KindFacts[] All =
    [
        new(ResourceKind.Mailbox, "mailbox", "mailboxes", null),
        new(ResourceKind.OneDrive, "onedrive", "OneDrives", null),
        new(ResourceKind.Site, "site", "sites", null),
        new(ResourceKind.Team, "team", "teams", null),
        new(ResourceKind.GroupMailbox, "group", "group conversations",
            "Microsoft Graph reads the conversations of a group but cannot put them back. The files, team and site of the group are protected by themselves."),
        new(ResourceKind.Archives, "archives", "in-place archives", "Microsoft Graph gives no access to in-place archive mailboxes in its supported version."),
        new(ResourceKind.PublicFolders, "public-folders", "public folders", "Microsoft Graph gives no access to public folders."),
        new(ResourceKind.Chats, "chats", "chats",
            "Direct and group chats are not in the backup and cannot be restored. Files that were shared in them are in OneDrive, and are in the backup of that OneDrive."),
    ];

    /// <summary>Every kind that can be protected.</summary>
    public static IEnumerable<ResourceKind> Protectable => All.Where(kind => kind.Limitation is null).Select(kind => kind.Kind);

    /// <summary>Every kind that is listed though it cannot be protected.</summary>
    public static IEnumerable<ResourceKind> Unprotectable => All.Where(kind => kind.Limitation is not null).Select(kind => kind.Kind);

    public static string Token(this ResourceKind kind) => Of(kind)?.Token ?? throw new ArgumentOutOfRangeException(nameof(kind), kind, "This kind has no token.");

    /// <summary>What several of them are called.</summary>
    public static string Plural(this ResourceKind kind) => Of(kind)?.Plural ?? kind.ToString();

    /// <summary>Why nothing of this kind can be protected; null: it can.</summary>
    /// <remarks>Source: service description, "Inhoud" (chats); Graph v1.0 (the others).</remarks>
    public static string? Limitation(this ResourceKind kind) => Of(kind)?.Limitation;

    public static bool CanBeProtected(this ResourceKind kind) => Of(kind) is { Limitation: null };

    /// <exception cref="FormatException">No kind has this token.</exception>
    public static ResourceKind FromToken(string token) => TryFromToken(token, out var kind)
        ? kind
        : throw new FormatException($"'{token}' is not a kind of resource; known kinds: {string.Join(", ", All.Select(entry => entry.Token))}.");

    public static bool TryFromToken(string? token, out ResourceKind kind)
    {
        kind = Array.Find(All, entry => entry.Token == token)?.Kind ?? default;
        return kind != default;
    }

    private static KindFacts? Of(ResourceKind kind) => Array.Find(All, entry => entry.Kind == kind);

    private sealed record KindFacts(ResourceKind Kind, string Token, string Plural, string? Limitation);
}
