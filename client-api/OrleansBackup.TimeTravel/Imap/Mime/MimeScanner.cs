using System.Collections.Immutable;
using System.Text;

namespace OrleansBackup.TimeTravel.Imap.Mime;

/// <summary>Finds the parts of a message while its bytes go by, without keeping them.</summary>
/// <remarks>
/// In memory are headers, up to a bound, and the beginning of one line. What is nested deeper or has more parts than the bounds say is not taken apart
/// any further: it is the body of what it lies in. Source: RFC 2046, section 5.1; lenient in what real mail does.
/// </remarks>
internal sealed class MimeScanner
{
    private const int KeptOfLine = 1_000, Deepest = 40, MostParts = 2_000, LongestHeader = 256 * 1024, LongestHeaders = 4 * 1024 * 1024, LongestBoundary = 200;

    private sealed class Open(long headerStart, Open? parent, string defaultType)
    {
        public readonly long HeaderStart = headerStart;
        public readonly Open? Parent = parent;
        public readonly string DefaultType = defaultType;
        public readonly List<byte> HeaderBytes = [];
        public readonly List<MimePart> Children = [];
        public MimeHeader? Header;
        public byte[]? Boundary;
        public long BodyStart, LinesBefore;
    }

    private readonly List<byte> _line = [];
    private Open _current = new(0, null, "text/plain");
    private long _at, _lineStart, _lines;
    private int _ending, _depth, _parts = 1, _headers;
    private MimePart? _whole;

    public static async Task<MimePart> ReadAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> message, CancellationToken cancellation)
    {
        var scanner = new MimeScanner();
        await foreach (var piece in message.WithCancellation(cancellation))
            scanner.Add(piece.Span);
        return scanner.Finish();
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            var part = end < 0 ? bytes : bytes[..(end + 1)];
            Keep(part);
            _at += part.Length;
            bytes = bytes[part.Length..];
            if (end >= 0)
                EndLine();
        }
    }

    public MimePart Finish()
    {
        if (_at > _lineStart)
            EndLine();
        while (_whole is null)
            Close(_at);
        return _whole;
    }

    // Of a long line its beginning and its last two bytes: no boundary is so long, and the end says how it ends.
    private void Keep(ReadOnlySpan<byte> part)
    {
        var limit = _current.Header is null ? LongestHeader : KeptOfLine;
        if (_line.Count + part.Length <= limit)
        {
            _line.AddRange(part);
            return;
        }
        if (_line.Count < limit)
            _line.AddRange(part[..(limit - _line.Count)]);
        if (part.Length >= 2)
            (_line[^2], _line[^1]) = (part[^2], part[^1]);
        else
            _line[^1] = part[^1];
    }

    private void EndLine()
    {
        var line = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_line);
        var ending = line is [.., (byte)'\r', (byte)'\n'] ? 2 : line is [.., (byte)'\n'] ? 1 : 0;
        var text = line[..^ending];
        var (multipart, isLast) = BoundaryOf(text);
        if (multipart is not null)
            Separate(multipart, isLast);
        _lines++;
        if (multipart is not null || _current.Header is not null)
        {
            // A boundary, or a line of a body: nothing of it is kept.
        }
        else if (text.IsEmpty)
            EndHeader();
        else if (_current.HeaderBytes.Count + line.Length <= LongestHeader && _headers + line.Length <= LongestHeaders)
        {
            _current.HeaderBytes.AddRange(line);
            _headers += line.Length;
        }
        _line.Clear();
        (_lineStart, _ending) = (_at, ending);
    }

    private (Open? Multipart, bool IsLast) BoundaryOf(ReadOnlySpan<byte> text)
    {
        if (text is not [(byte)'-', (byte)'-', ..])
            return (null, false);
        for (var open = _current; open is not null; open = open.Parent)
            if (open.Boundary is { } boundary && text[2..].StartsWith(boundary))
            {
                var after = text[(2 + boundary.Length)..].TrimEnd(" \t"u8);
                if (after.IsEmpty || after is [(byte)'-', (byte)'-'])
                    return (open, !after.IsEmpty);
            }
        return (null, false);
    }

    private void Separate(Open multipart, bool isLast)
    {
        // The line break before a boundary belongs to the boundary.
        while (_current != multipart)
            Close(_lineStart - _ending);
        if (isLast)
            multipart.Boundary = null; // what follows belongs to nobody
        else if (_parts < MostParts)
            Begin(_at, multipart.Header!.ContentType.Subtype == "digest" ? "message/rfc822" : "text/plain");
    }

    private void Begin(long start, string defaultType)
    {
        _current = new Open(start, _current, defaultType);
        _depth++;
        _parts++;
    }

    private void EndHeader()
    {
        TakeHeader(_at);
        var type = _current.Header!.ContentType;
        if (_depth >= Deepest || _parts >= MostParts)
            return;
        if (type.Type == "multipart" && type["boundary"] is { Length: > 0 and <= LongestBoundary } boundary)
            _current.Boundary = Encoding.Latin1.GetBytes(boundary.TrimEnd(' '));
        else if (type is { Type: "message", Subtype: "rfc822" } && _current.Header.Value("Content-Transfer-Encoding")?.ToLowerInvariant() is null or "7bit" or "8bit" or "binary")
            Begin(_at, "text/plain");
    }

    private void TakeHeader(long bodyStart)
    {
        _current.Header = MimeHeader.Parse(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_current.HeaderBytes), _current.DefaultType);
        _current.HeaderBytes.Clear();
        (_current.BodyStart, _current.LinesBefore) = (bodyStart, _lines);
    }

    private void Close(long end)
    {
        if (_current.Header is null)
            TakeHeader(Math.Max(end, _current.HeaderStart));
        end = Math.Max(Math.Max(end, _current.BodyStart), _current.Children is [.., var last] ? last.BodyEnd : 0);
        var part = new MimePart(
            _current.HeaderStart, _current.BodyStart, end, _lines - _current.LinesBefore, _current.Header!, [.. _current.Children]);
        if (_current.Parent is null)
        {
            _whole = part;
            return;
        }
        _current = _current.Parent;
        _depth--;
        _current.Children.Add(part);
    }
}
