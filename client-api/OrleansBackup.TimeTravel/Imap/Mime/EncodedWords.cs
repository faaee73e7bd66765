using System.Text;
using System.Text.RegularExpressions;

namespace OrleansBackup.TimeTravel.Imap.Mime;

/// <summary>Header text as a person reads it, to search in.</summary>
/// <remarks>Source: RFC 2047. A character set that is not known here leaves the word as it stands.</remarks>
internal static partial class EncodedWords
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="header">One character for each byte.</param>
    public static string Decode(string header) => Word().Replace(Raw(header), match => Decoded(match) ?? match.Value);

    /// <summary>Text of a named character set; null: not known here.</summary>
    public static string? Read(ReadOnlySpan<byte> bytes, string charset)
    {
        try
        {
            return Encoding.GetEncoding(charset.Split('*')[0].Trim()).GetString(bytes);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    // Mail of today has UTF-8 in its headers without saying so (RFC 6532).
    private static string Raw(string header)
    {
        var bytes = Encoding.Latin1.GetBytes(header);
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return header;
        }
    }

    private static string? Decoded(Match match)
    {
        var text = match.Groups["text"].Value;
        if (match.Groups["way"].Value is "Q" or "q")
            return Read(QuotedPrintable(text), match.Groups["charset"].Value);
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? Read(bytes.AsSpan(0, length), match.Groups["charset"].Value) : null;
    }

    private static byte[] QuotedPrintable(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var at = 0; at < text.Length; at++)
            if (text[at] == '=' && at + 2 < text.Length && char.IsAsciiHexDigit(text[at + 1]) && char.IsAsciiHexDigit(text[at + 2]))
            {
                bytes.Add(Convert.FromHexString(text.AsSpan(at + 1, 2))[0]);
                at += 2;
            }
            else
                bytes.Add(text[at] == '_' ? (byte)' ' : (byte)text[at]);
        return [.. bytes];
    }

    // Blanks between two encoded words belong to neither (section 6.2).
    [GeneratedRegex(@"=\?(?<charset>[^?\s]{1,60})\?(?<way>[BbQq])\?(?<text>[^?\s]{0,500})\?=(\s{1,200}(?==\?[^?\s]{1,60}\?[BbQq]\?))?", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Word();
}
