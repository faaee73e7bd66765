namespace OrleansBackup.Microsoft365.Directory;

/// <summary>Whether a user has a mailbox.</summary>
public enum MailboxPresence
{
    HasMailbox,
    NoMailbox,

    /// <summary>It could not be found out now; ask again, conclude nothing.</summary>
    Unknown,
}

/// <summary>What kind of mailbox it is.</summary>
/// <remarks>Source: Microsoft Graph v1.0, <c>userPurpose</c>.</remarks>
public enum MailboxPurpose
{
    /// <summary>Not told, or a kind that this version does not know.</summary>
    Unknown,
    User,
    Linked,
    Shared,
    Room,
    Equipment,
    Others,
}

/// <summary>What a look at one user's mailbox found.</summary>
/// <param name="Code">The service's reason where there is none or it is unknown.</param>
public sealed record MailboxProbe(string UserId, MailboxPresence Presence, MailboxPurpose Purpose, string? Code);
