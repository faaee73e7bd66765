namespace OrleansBackup.Domain.Identity;

/// <summary>What kind of thing in a tenant is protected. Each kind has its own grain and its own workload.</summary>
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
}

/// <summary>The written form of a kind: part of grain keys and vault names, so a token, once used, never changes.</summary>
public static class ResourceKinds
{
    private static readonly (ResourceKind Kind, string Token)[] Tokens =
        [(ResourceKind.Mailbox, "mailbox"), (ResourceKind.OneDrive, "onedrive"), (ResourceKind.Site, "site"), (ResourceKind.Team, "team")];

    public static string Token(this ResourceKind kind) => Array.Find(Tokens, entry => entry.Kind == kind).Token
        ?? throw new ArgumentOutOfRangeException(nameof(kind), kind, "This kind has no token.");

    /// <exception cref="FormatException">No kind has this token.</exception>
    public static ResourceKind FromToken(string token) => TryFromToken(token, out var kind)
        ? kind
        : throw new FormatException($"'{token}' is not a kind of resource; known kinds: {string.Join(", ", Tokens.Select(entry => entry.Token))}.");

    public static bool TryFromToken(string? token, out ResourceKind kind)
    {
        kind = Array.Find(Tokens, entry => entry.Token == token).Kind;
        return kind != default;
    }
}
