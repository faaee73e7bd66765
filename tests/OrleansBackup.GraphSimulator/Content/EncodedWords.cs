using System.Text;
using System.Text.RegularExpressions;

namespace OrleansBackup.GraphSimulator.Content;

/// <summary>Undoes <c>=?charset?B|Q?text?=</c> in header text (RFC 2047); what is not well formed stays as it is.</summary>
public static class EncodedWords
{
    // Without backtracking: a hostile header costs its length, not its square.
    private static readonly Regex Words = new(@"=\?[^?\s]+\?[BbQq]\?[^?]*\?=(?:\s*=\?[^?\s]+\?[BbQq]\?[^?]*\?=)*", RegexOptions.NonBacktracking);
    private static readonly Regex Word = new(@"=\?(?<charset>[^?\s]+)\?(?<encoding>[BbQq])\?(?<text>[^?]*)\?=", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    public static string Decode(string text)
    {
        if (!text.Contains("=?", StringComparison.Ordinal))
            return text;
        // White space between two encoded words is not part of the text. Words of one character set are decoded
        // together, because senders cut characters in two.
        return Words.Replace(text, run =>
        {
            var result = new StringBuilder();
            var pending = new List<byte>();
            string? charset = null;
            foreach (Match word in Word.Matches(run.Value))
            {
                var name = word.Groups["charset"].Value.Split('*')[0];
                if (charset is not null && !charset.Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    result.Append(Charsets.Decode(charset, pending.ToArray()));
                    pending.Clear();
                }
                charset = name;
                var content = word.Groups["text"].Value;
                pending.AddRange(word.Groups["encoding"].Value is "B" or "b"
                    ? TransferEncoding.DecodeBase64(Encoding.Latin1.GetBytes(content))
                    : TransferEncoding.DecodeQuotedPrintable(Encoding.Latin1.GetBytes(content.Replace('_', ' '))));
            }
            return result.Append(Charsets.Decode(charset, pending.ToArray())).ToString();
        });
    }
}
