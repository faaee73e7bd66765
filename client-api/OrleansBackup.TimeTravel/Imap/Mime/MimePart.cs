using System.Collections.Immutable;

namespace OrleansBackup.TimeTravel.Imap.Mime;

/// <summary>A part of a message, or the message itself: where its bytes lie, and what its header says.</summary>
/// <remarks>Places are bytes from the beginning of the message, so that a part can be read without all that lies before it.</remarks>
internal sealed record MimePart(long HeaderStart, long BodyStart, long BodyEnd, long Lines, MimeHeader Header, ImmutableArray<MimePart> Children)
{
    public ContentType Type => Header.ContentType;

    public bool IsMultipart => Type.Type == "multipart" && !Children.IsEmpty;

    /// <summary>The message that this part holds whole; null: it holds none.</summary>
    public MimePart? Message => Type is { Type: "message", Subtype: "rfc822" } && Children is [var held] ? held : null;

    public long BodyLength => BodyEnd - BodyStart;

    /// <summary>A part by its numbers (RFC 3501, section 6.4.5); null: there is none.</summary>
    public MimePart? Find(ImmutableArray<int> path)
    {
        var part = this;
        for (var at = 0; at < path.Length; at++)
        {
            var within = at == 0 ? part : part.Message ?? part;
            if (within.IsMultipart)
                part = path[at] <= within.Children.Length ? within.Children[path[at] - 1] : null;
            else
                part = path[at] == 1 && (at == 0 || part.Message is not null) ? within : null; // what has no parts is its own first part
            if (part is null)
                return null;
        }
        return part;
    }
}
