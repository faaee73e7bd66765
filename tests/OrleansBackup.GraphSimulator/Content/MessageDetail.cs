using System.Collections.Immutable;

namespace OrleansBackup.GraphSimulator.Content;

/// <summary>A message as Graph's JSON shows it, without what changes beside the content (read, flag, folder).</summary>
public sealed record MessageDetail
{
    public string Subject { get; init; } = "";

    /// <summary><c>html</c> or <c>text</c>.</summary>
    public string BodyType { get; init; } = "text";

    public string Body { get; init; } = "";
    public MailAddress? From { get; init; }
    public MailAddress? Sender { get; init; }
    public ImmutableArray<MailAddress> To { get; init; } = [];
    public ImmutableArray<MailAddress> Cc { get; init; } = [];
    public ImmutableArray<MailAddress> Bcc { get; init; } = [];
    public ImmutableArray<MailAddress> ReplyTo { get; init; } = [];
    public string? InternetMessageId { get; init; }
    public string? InReplyTo { get; init; }
    public string? References { get; init; }

    /// <summary>The header lines in order, decoded.</summary>
    public ImmutableArray<MailHeader> Headers { get; init; } = [];

    /// <summary>The <c>Date</c> header, if it can be read.</summary>
    public DateTimeOffset? Date { get; init; }

    public string Importance { get; init; } = "normal";
    public bool IsReadReceiptRequested { get; init; }
    public bool? IsDeliveryReceiptRequested { get; init; }
    public ImmutableArray<MailAttachment> Attachments { get; init; } = [];

    /// <summary>What messages of one conversation have in common.</summary>
    public string Thread { get; init; } = "";

    /// <summary>The Graph type if it is not a plain message, such as <c>#microsoft.graph.eventMessageRequest</c>.</summary>
    public string? ODataType { get; init; }

    /// <summary>First characters of the body as text; the service cuts at 255.</summary>
    public string Preview => BodyText.Preview(Body, BodyType == "html");
}

/// <summary>A name and an address as they were written; both can be anything, also empty.</summary>
public sealed record MailAddress(string Name, string Address);

/// <summary>One header line.</summary>
public sealed record MailHeader(string Name, string Value);
