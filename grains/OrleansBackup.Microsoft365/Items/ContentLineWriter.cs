using System.Text;

namespace OrleansBackup.Microsoft365.Items;

/// <summary>Writes the lines of iCalendar (RFC 5545) and vCard (RFC 2426) files: escaped, folded at 75 octets without cutting a character, ended by CRLF.</summary>
internal sealed class ContentLineWriter
{
    private const int LongestLine = 75;

    private readonly StringBuilder _text = new();

    /// <param name="value">Already in the form of its type.</param>
    public void Line(string name, string value)
    {
        var line = $"{name}:{value}";
        var octets = 0;
        foreach (var rune in line.EnumerateRunes())
        {
            // A surrogate half is one octet sequence of three in the form that it is replaced with.
            if (octets + rune.Utf8SequenceLength > LongestLine)
            {
                _text.Append("\r\n ");
                octets = 1;
            }

            _text.Append(rune.ToString());
            octets += rune.Utf8SequenceLength;
        }

        _text.Append("\r\n");
    }

    /// <summary>A line of text; none for an empty one.</summary>
    public void Text(string name, string? text)
    {
        if (!string.IsNullOrEmpty(text)) Line(name, Escape(text));
    }

    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\\' or ';' or ',':
                    escaped.Append('\\').Append(text[i]);
                    break;
                case '\r' when i + 1 < text.Length && text[i + 1] == '\n':
                    break;
                case '\r' or '\n':
                    escaped.Append("\\n");
                    break;
                case < ' ' and not '\t':
                    break; // no calendar or card may hold it
                default:
                    escaped.Append(text[i]);
                    break;
            }
        }

        return escaped.ToString();
    }

    /// <summary>A parameter's value, in quotes where it needs them; what no parameter may hold is left out.</summary>
    public static string Parameter(string text)
    {
        var clean = new string([.. text.Where(character => character is not '"' and >= ' ')]);
        return clean.AsSpan().ContainsAny(":;,") ? $"\"{clean}\"" : clean;
    }

    public override string ToString() => _text.ToString();
}
