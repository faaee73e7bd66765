using OrleansBackup.Domain.Identity;

namespace OrleansBackup.Domain.Openings;

/// <summary>The ordinary programs that can read an opened restore point.</summary>
public enum OpeningProtocol
{
    /// <summary>Files in folders, for file managers: RFC 4918, class 1, read only.</summary>
    WebDav = 1,

    /// <summary>Mail folders, for mail programs: RFC 3501, read only.</summary>
    Imap,
}

/// <summary>Why nobody can use an opening any more.</summary>
public enum OpeningEnd
{
    /// <summary>Somebody ended it.</summary>
    Ended = 1,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>The restore point has gone.</summary>
    PointGone,

    /// <summary>The service for the tenant is suspended, or the tenant is being destroyed.</summary>
    TenantStopped,
}

/// <summary>For how long a restore point is opened, and to whom. Pure.</summary>
public static class OpeningRules
{
    /// <summary>Open at once in one tenant.</summary>
    public const int MostOpen = 100;

    /// <summary>Remembered in one tenant, the open ones included; the audit book knows them all.</summary>
    public const int MostKept = 500;

    public const int LongestWhy = 1_000;

    public static readonly TimeSpan Default = TimeSpan.FromHours(8), Shortest = TimeSpan.FromMinutes(1), Longest = TimeSpan.FromDays(7);

    /// <summary>Why a resource cannot be opened this way; null: it can.</summary>
    public static string? WhyNot(ResourceKind kind, OpeningProtocol protocol) => (kind, protocol) switch
    {
        (_, OpeningProtocol.WebDav) or (ResourceKind.Mailbox, OpeningProtocol.Imap) => null,
        (_, OpeningProtocol.Imap) => "Only a mailbox can be opened in a mail program; open this over WebDAV.",
        _ => "Say how it is to be opened: webDav or imap.",
    };

    /// <summary>Why it cannot last so long; null: it can.</summary>
    public static string? WhyNot(TimeSpan lasts) =>
        lasts < Shortest || lasts > Longest ? "An opening lasts from one minute to seven days; without a time, eight hours." : null;
}
