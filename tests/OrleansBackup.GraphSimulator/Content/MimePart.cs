namespace OrleansBackup.GraphSimulator.Content;

/// <summary>A part of a MIME message, read without ever failing: what cannot be understood is kept as it stands.</summary>
public sealed class MimePart
{
    /// <summary>Nesting beyond this is read as a leaf, so a hostile message cannot exhaust the stack.</summary>
    public const int MaxDepth = 40;

    public required IReadOnlyList<MailHeader> Headers { get; init; }

    /// <summary>The part as it stands, headers included.</summary>
    public required ReadOnlyMemory<byte> Raw { get; init; }

    /// <summary>The part after the headers, still encoded.</summary>
    public required ReadOnlyMemory<byte> EncodedBody { get; init; }

    public required MimeHeaderValue ContentType { get; init; }
    public required MimeHeaderValue Disposition { get; init; }
    public required IReadOnlyList<MimePart> Children { get; init; }

    public string? Header(string name)
    {
        foreach (var header in Headers)
        {
            if (header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return header.Value;
        }
        return null;
    }

    public string? ContentId => Header("Content-ID")?.Trim().Trim('<', '>');

    /// <summary>The name that a reader would give the part as a file.</summary>
    public string? FileName => Disposition.Parameter("filename") ?? ContentType.Parameter("name");

    public bool IsType(string type) => ContentType.Value.Equals(type, StringComparison.OrdinalIgnoreCase);
    public bool IsMultipart => ContentType.Value.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase);

    /// <summary>The content with its transfer encoding undone.</summary>
    public ReadOnlyMemory<byte> DecodeBody() => TransferEncoding.Decode(Header("Content-Transfer-Encoding"), EncodedBody);

    /// <summary>The content as text, in the part's character set or the most likely one.</summary>
    public string DecodeText() => Charsets.Decode(ContentType.Parameter("charset"), DecodeBody().Span);
}
