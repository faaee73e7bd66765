using System.Globalization;
using System.Text;

namespace OrleansBackup.TimeTravel.Imap.Answers;

/// <summary>Puts together what is sent: words, numbers and texts of any bytes, one character for each byte.</summary>
/// <remarks>Source: RFC 3501, section 4.3: a quoted text holds printable ASCII; anything else goes as a literal.</remarks>
internal sealed class ImapText
{
    private const int LongestQuoted = 1_000;

    private readonly StringBuilder _text = new();

    public ImapText Raw(string text)
    {
        _text.Append(text);
        return this;
    }

    public ImapText Number(long number)
    {
        _text.Append(CultureInfo.InvariantCulture, $"{number}");
        return this;
    }

    public ImapText NString(string? text) => text is null ? Raw("NIL") : String(text);

    public ImapText String(string text)
    {
        // No zero byte is ever sent (section 4.3.1).
        var clean = text.Replace("\0", "", StringComparison.Ordinal);
        if (clean.Length > LongestQuoted || clean.Any(character => character is < ' ' or > '~'))
        {
            var length = Encoding.Latin1.GetByteCount(clean);
            _text.Append(CultureInfo.InvariantCulture, $"{{{length}}}\r\n").Append(clean);
        }
        else
            _text.Append('"').Append(clean.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"');
        return this;
    }

    public byte[] ToBytes() => Encoding.Latin1.GetBytes(_text.ToString());
}
