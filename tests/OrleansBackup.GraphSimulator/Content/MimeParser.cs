using System.Text;

namespace OrleansBackup.GraphSimulator.Content;

/// <summary>Reads any bytes as a MIME message. Never throws: real mail is broken in every way there is.</summary>
public static class MimeParser
{
    public static MimePart Parse(ReadOnlyMemory<byte> message) => Parse(message, depth: 0, defaultType: "text/plain");

    private static MimePart Parse(ReadOnlyMemory<byte> raw, int depth, string defaultType)
    {
        var (headers, bodyStart) = ReadHeaders(raw.Span);
        var body = raw[bodyStart..];
        var type = MimeHeaderValue.Parse(Find(headers, "Content-Type"), defaultType);
        var children = new List<MimePart>();
        if (depth < MimePart.MaxDepth)
        {
            if (type.Value.StartsWith("multipart/", StringComparison.Ordinal) && type.Parameter("boundary") is { Length: > 0 } boundary)
            {
                var childType = type.Value == "multipart/digest" ? "message/rfc822" : "text/plain";
                foreach (var part in SplitParts(body, boundary))
                    children.Add(Parse(part, depth + 1, childType));
            }
            else if (type.Value == "message/rfc822")
                children.Add(Parse(TransferEncoding.Decode(Find(headers, "Content-Transfer-Encoding"), body), depth + 1, "text/plain"));
        }
        return new MimePart
        {
            Headers = headers,
            Raw = raw,
            EncodedBody = body,
            ContentType = type,
            Disposition = MimeHeaderValue.Parse(Find(headers, "Content-Disposition")),
            Children = children,
        };
    }

    private static string? Find(List<MailHeader> headers, string name) =>
        headers.Find(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Value;

    private static (List<MailHeader> Headers, int BodyStart) ReadHeaders(ReadOnlySpan<byte> bytes)
    {
        var headers = new List<MailHeader>();
        var folded = new StringBuilder(); // the lines of the last header, joined once it is complete
        var at = 0;
        while (at < bytes.Length)
        {
            var line = Line(bytes, at, out var next);
            if (line.Length == 0)
                return (Completed(), next);
            if (line[0] is (byte)' ' or (byte)'\t')
            {
                if (headers.Count > 0)
                    folded.Append(' ').Append(Charsets.DecodeUnlabelled(line).Trim());
                at = next;
                continue;
            }
            var colon = line.IndexOf((byte)':');
            if (colon > 0 && IsName(line[..colon].TrimEnd((byte)' ')))
            {
                Completed().Add(new MailHeader(Encoding.Latin1.GetString(line[..colon]).TrimEnd(), ""));
                folded.Append(Charsets.DecodeUnlabelled(line[(colon + 1)..]).Trim());
            }
            else if (at != 0 || !line.StartsWith("From "u8))
                return (Completed(), at); // no blank line before the body: what is no header is the body
            at = next;
        }
        return (Completed(), bytes.Length);

        List<MailHeader> Completed()
        {
            if (headers.Count > 0)
                headers[^1] = headers[^1] with { Value = folded.ToString() };
            folded.Clear();
            return headers;
        }
    }

    private static bool IsName(ReadOnlySpan<byte> name)
    {
        foreach (var character in name)
        {
            if (character is <= 32 or >= 127)
                return false;
        }
        return name.Length > 0;
    }

    private static List<ReadOnlyMemory<byte>> SplitParts(ReadOnlyMemory<byte> body, string boundary)
    {
        var parts = new List<ReadOnlyMemory<byte>>();
        var marker = Encoding.Latin1.GetBytes("--" + boundary);
        var span = body.Span;
        int at = 0, start = -1;
        while (at < span.Length)
        {
            var line = Line(span, at, out var next);
            if (line.StartsWith(marker))
            {
                var rest = line[marker.Length..].TrimEnd(" \t"u8);
                var closes = rest.SequenceEqual("--"u8);
                if (closes || rest.Length == 0)
                {
                    if (start >= 0)
                        parts.Add(body[start..EndBefore(span, start, at)]);
                    start = closes ? -1 : next;
                    if (closes)
                        return parts;
                }
            }
            at = next;
        }
        if (start >= 0)
            parts.Add(body[start..]); // the closing boundary is missing
        return parts;
    }

    // The line break before a boundary belongs to the boundary.
    private static int EndBefore(ReadOnlySpan<byte> span, int start, int boundary)
    {
        var end = boundary;
        if (end > start && span[end - 1] == '\n')
            end--;
        if (end > start && span[end - 1] == '\r')
            end--;
        return end;
    }

    private static ReadOnlySpan<byte> Line(ReadOnlySpan<byte> bytes, int at, out int next)
    {
        var length = bytes[at..].IndexOf((byte)'\n');
        var end = length < 0 ? bytes.Length : at + length;
        next = length < 0 ? bytes.Length : end + 1;
        if (end > at && bytes[end - 1] == '\r')
            end--;
        return bytes[at..end];
    }
}
