using OrleansBackup.TimeTravel.Imap.Mime;

namespace OrleansBackup.TimeTravel.Imap.Answers;

/// <summary>BODY and BODYSTRUCTURE: the parts of a message.</summary>
/// <remarks>Source: RFC 3501, section 7.4.2. BODY is the same without what may follow: disposition, language, location.</remarks>
internal static class BodyStructure
{
    public static ImapText Write(ImapText text, MimePart part, bool extended)
    {
        text.Raw("(");
        if (part.IsMultipart)
        {
            foreach (var child in part.Children)
                Write(text, child, extended);
            text.Raw(" ").String(part.Type.Subtype.ToUpperInvariant());
            if (extended)
            {
                Parameters(text.Raw(" "), part.Type);
                Rest(text, part);
            }
            return text.Raw(")");
        }
        // What is not taken apart is not told as if it were: a multipart without parts looks like text, a message in a coat is a file.
        var type = part.Type switch
        {
            { Type: "multipart" } => new ContentType("text", "plain", []),
            { Type: "message", Subtype: "rfc822" } when part.Message is null => new ContentType("application", "octet-stream", []),
            var own => own,
        };
        text.String(type.Type.ToUpperInvariant()).Raw(" ").String(type.Subtype.ToUpperInvariant()).Raw(" ");
        Parameters(text, type).Raw(" ").NString(part.Header.Value("Content-ID")).Raw(" ").NString(part.Header.Value("Content-Description")).Raw(" ")
            .String(part.Header.Value("Content-Transfer-Encoding") is { Length: > 0 } encoding ? encoding.ToUpperInvariant() : "7BIT").Raw(" ").Number(part.BodyLength);
        if (part.Message is { } message)
        {
            Envelope.Write(text.Raw(" "), message.Header);
            Write(text.Raw(" "), message, extended);
        }
        if (part.Message is not null || type.Type == "text")
            text.Raw(" ").Number(part.Lines);
        if (extended)
        {
            text.Raw(" ").NString(part.Header.Value("Content-MD5"));
            Rest(text, part);
        }
        return text.Raw(")");
    }

    private static void Rest(ImapText text, MimePart part)
    {
        if (part.Header.Value("Content-Disposition") is { Length: > 0 } disposition && ContentType.Parse(disposition, "inline") is { Type.Length: > 0 } read)
            Parameters(text.Raw(" (").String(read.Type.ToUpperInvariant()).Raw(" "), read).Raw(")");
        else
            text.Raw(" NIL");
        text.Raw(" ").NString(part.Header.Value("Content-Language")).Raw(" ").NString(part.Header.Value("Content-Location"));
    }

    private static ImapText Parameters(ImapText text, ContentType type)
    {
        if (type.Parameters.IsEmpty)
            return text.Raw("NIL");
        text.Raw("(");
        for (var at = 0; at < type.Parameters.Length; at++)
            text.Raw(at == 0 ? "" : " ").String(type.Parameters[at].Name.ToUpperInvariant()).Raw(" ").String(type.Parameters[at].Value);
        return text.Raw(")");
    }
}
