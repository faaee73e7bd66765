using System.ComponentModel.DataAnnotations;

namespace OrleansBackup.Microsoft365.Mail;

/// <summary>How a mailbox is read. Configuration section <c>Graph:Mail</c>.</summary>
public sealed record MailReadOptions
{
    public const string Section = "Graph:Mail";

    /// <summary>Messages per page, their bodies included. Default 50: some 5 MB of HTML mail. The reader goes lower where a page fails.</summary>
    [Range(1, 500)]
    public int PageSize { get; init; } = 50;

    /// <summary>Ids per page of the independent listing.</summary>
    [Range(1, 999)]
    public int ListingPageSize { get; init; } = 999;

    /// <summary>Take folders that Outlook hides.</summary>
    public bool IncludeHiddenFolders { get; init; }

    /// <summary>Attachments up to this size (as the service states it) come inside their JSON, larger ones as a stream.</summary>
    [Range(0, 100_000_000)]
    public long AttachmentInJsonUpTo { get; init; } = 1_000_000;
}
