using System.Collections.Immutable;

namespace OrleansBackup.Microsoft365.Mail;

/// <summary>What an attachment is.</summary>
public enum AttachmentKind
{
    /// <summary>A file with bytes of its own.</summary>
    File,

    /// <summary>Another item (message, event, contact), read as its MIME, iCalendar or vCard form.</summary>
    Item,

    /// <summary>A link to a file elsewhere: it has no content here.</summary>
    Reference,

    /// <summary>A kind that this version does not know, kept as its properties.</summary>
    Unknown,
}

/// <summary>One attachment as read.</summary>
/// <param name="Json">The attachment object without its content bytes.</param>
/// <param name="Content">Its bytes from the start; null for a reference and for one that could not be read. Owned by the message.</param>
/// <param name="Failure">Why it could not be read, as a code; null when it could.</param>
public sealed record FetchedAttachment(
    string Id, string Name, AttachmentKind Kind, string? ContentType, bool IsInline, string? ContentId,
    ReadOnlyMemory<byte> Json, Stream? Content, string? Failure);

/// <summary>A whole message as far as the service would give it. Disposing it frees its contents.</summary>
/// <param name="Message">Its properties; read again when the listing had no body.</param>
/// <param name="Mime">The message as MIME, from its start; null when the service cannot make it, and then a warning says so.</param>
/// <param name="Warnings">What is missing, in words with codes. Empty: nothing.</param>
public sealed record FetchedMessage(
    MessageSummary Message, Stream? Mime, ImmutableArray<FetchedAttachment> Attachments, ImmutableArray<string> Warnings) : IAsyncDisposable
{
    /// <summary>Everything was read: MIME and every attachment.</summary>
    public bool IsComplete => Mime is not null && Warnings.IsEmpty && Attachments.All(a => a.Failure is null);

    /// <summary>The bytes of one attachment or more could not be had, or it is not even known which there are.</summary>
    public bool LacksAttachments { get; init; }

    public async ValueTask DisposeAsync()
    {
        if (Mime is not null) await Mime.DisposeAsync();
        foreach (var attachment in Attachments)
        {
            if (attachment.Content is not null) await attachment.Content.DisposeAsync();
        }
    }
}
