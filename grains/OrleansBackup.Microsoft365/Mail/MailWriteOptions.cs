using System.ComponentModel.DataAnnotations;

namespace OrleansBackup.Microsoft365.Mail;

/// <summary>How messages are put back. Configuration section <c>Graph:MailWrite</c>.</summary>
public sealed record MailWriteOptions
{
    public const string Section = "Graph:MailWrite";

    /// <summary>Attachments smaller than this go in one request, others through an upload session. Default and limit: 3 MB.</summary>
    /// <remarks>Source: Microsoft Graph, "Attach large files to Outlook messages".</remarks>
    [Range(1, 3_000_000)]
    public int PostAttachmentsBelow { get; init; } = 3_000_000;

    /// <summary>Bytes per piece of an upload session; at most 4 MB (same source).</summary>
    [Range(1, 4_000_000)]
    public int UploadPieceBytes { get; init; } = 3_932_160;

    /// <summary>The largest attachment that the service takes (same source).</summary>
    [Range(1, 150_000_000)]
    public long LargestAttachment { get; init; } = 150_000_000;

    /// <summary>The original header text is put back up to this size; Outlook shows it as the message's source.</summary>
    [Range(0, 1_000_000)]
    public int TransportHeadersUpTo { get; init; } = 32_768;

    /// <summary>The largest creating request; a text beyond it is attached instead. The service takes 4 MB in all.</summary>
    [Range(10_000, 4_000_000)]
    public int LargestMessageRequest { get; init; } = 3_900_000;

    /// <summary>Events, contacts or tasks that a restore looks for one by one before it lists their containers instead, at one request for 500. Default 100.</summary>
    [Range(0, 100_000)]
    public int LookUpsBeforeListing { get; init; } = 100;

    /// <summary>How often a message is begun anew after a passing failure half-way.</summary>
    [Range(1, 10)]
    public int MaxCreateAttempts { get; init; } = 3;
}
