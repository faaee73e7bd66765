using System.Text;

namespace OrleansBackup.TimeTravel.Imap.Mailboxes;

/// <summary>Names of mail folders as the protocol writes them.</summary>
/// <remarks>Source: RFC 3501, section 5.1.3: UTF-16 in base 64 with a comma for the slash between <c>&amp;</c> and <c>-</c>; printable ASCII stands for itself.</remarks>
internal static class ModifiedUtf7
{
    public static string Encode(string name)
    {
        var (text, held) = (new StringBuilder(), new StringBuilder());
        foreach (var character in name)
        {
            if (character is < ' ' or > '~')
            {
                held.Append(character);
                continue;
            }
            Release();
            text.Append(character == '&' ? "&-" : character.ToString());
        }
        Release();
        return text.ToString();

        void Release()
        {
            if (held.Length == 0)
                return;
            text.Append('&').Append(Convert.ToBase64String(Encoding.BigEndianUnicode.GetBytes(held.ToString())).TrimEnd('=').Replace('/', ',')).Append('-');
            held.Clear();
        }
    }

    /// <returns>Null: not written so.</returns>
    public static string? Decode(string text)
    {
        var name = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] is < ' ' or > '~')
                return null;
            if (text[at] != '&')
            {
                name.Append(text[at]);
                continue;
            }
            var end = text.IndexOf('-', at);
            if (end < 0)
                return null;
            if (end == at + 1)
                name.Append('&');
            else if (Units(text[(at + 1)..end]) is { } units)
                name.Append(units);
            else
                return null;
            at = end;
        }
        return name.ToString();
    }

    private static string? Units(string base64)
    {
        var padded = base64.Replace(',', '/') + new string('=', (4 - base64.Length % 4) % 4);
        var bytes = new byte[padded.Length];
        return !base64.Contains('/', StringComparison.Ordinal) && Convert.TryFromBase64String(padded, bytes, out var length) && length is > 0 && length % 2 == 0
            ? Encoding.BigEndianUnicode.GetString(bytes, 0, length) : null;
    }
}
