using System.Net;
using System.Text.RegularExpressions;

namespace OrleansBackup.Microsoft365.Items;

/// <summary>HTML as a person would read it, for files that hold text only.</summary>
internal static partial class PlainText
{
    public static string OfHtml(string html)
    {
        var text = Hidden().Replace(html, "");
        text = Breaks().Replace(text, "\n");
        return TooManyLines().Replace(WebUtility.HtmlDecode(Tags().Replace(text, "")), "\n\n").Trim();
    }

    [GeneratedRegex(@"<(style|script|head|title)\b.*?</\1\s*>|<!--.*?-->|\r", RegexOptions.IgnoreCase | RegexOptions.Singleline, 2000)]
    private static partial Regex Hidden();

    [GeneratedRegex(@"<(br|/p|/div|/tr|/li|/h\d|hr)\b[^>]*>", RegexOptions.IgnoreCase, 2000)]
    private static partial Regex Breaks();

    [GeneratedRegex("<[^>]*>", RegexOptions.None, 2000)]
    private static partial Regex Tags();

    [GeneratedRegex(@"\n\s*\n\s*\n+", RegexOptions.None, 2000)]
    private static partial Regex TooManyLines();
}
