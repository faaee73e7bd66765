using System.Collections.Immutable;
using System.Text;

namespace OrleansBackup.TimeTravel.Imap.Mime;

/// <summary>A header: its fields in order, as they were written.</summary>
/// <remarks>Bytes are kept as Latin-1 characters, one for one, so that nothing is lost that is not understood. Source: RFC 5322, section 2.2.</remarks>
internal sealed class MimeHeader
{
    private readonly ImmutableArray<(string Name, string Raw)> _fields;

    private MimeHeader(ImmutableArray<(string, string)> fields, string defaultType)
    {
        _fields = fields;
        ContentType = ContentType.Parse(Value("Content-Type"), defaultType);
    }

    public ContentType ContentType { get; }

    /// <summary>The first field of this name without folding, or null.</summary>
    public string? Value(string name) => Values(name).FirstOrDefault();

    public IEnumerable<string> Values(string name) => _fields.Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => Unfold(field.Raw));

    /// <summary>Fields as they were written, those named or all others, and the empty line that ends a header.</summary>
    public byte[] Subset(ImmutableArray<string> names, bool others)
    {
        var text = new StringBuilder();
        foreach (var (name, raw) in _fields)
            if (names.Contains(name, StringComparer.OrdinalIgnoreCase) != others)
                text.Append(raw);
        return Encoding.Latin1.GetBytes(text.Append("\r\n").ToString());
    }

    /// <param name="defaultType">What it is when it does not say: <c>message/rfc822</c> in a digest, else <c>text/plain</c>.</param>
    public static MimeHeader Parse(ReadOnlySpan<byte> bytes, string defaultType = "text/plain")
    {
        var (text, fields, at) = (Encoding.Latin1.GetString(bytes), ImmutableArray.CreateBuilder<(string, string)>(), 0);
        while (at < text.Length)
        {
            var end = EndOfField(text, at);
            var raw = text[at..end];
            var colon = raw.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
                fields.Add((raw[..colon].TrimEnd(), raw.EndsWith('\n') ? raw : raw + "\r\n"));
            at = end;
        }
        return new MimeHeader(fields.ToImmutable(), defaultType);
    }

    // To the first line that does not begin with a space.
    private static int EndOfField(string text, int from)
    {
        for (var at = from; ;)
        {
            var line = text.IndexOf('\n', at);
            if (line < 0)
                return text.Length;
            at = line + 1;
            if (at >= text.Length || text[at] is not (' ' or '\t'))
                return at;
        }
    }

    private static string Unfold(string raw) => raw[(raw.IndexOf(':', StringComparison.Ordinal) + 1)..].Replace("\r\n", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal).Trim(' ', '\t', '\r');
}
