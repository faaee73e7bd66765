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

    // Whoever sends an invitation chooses its text: none may take longer than its length, nor stop an export by taking too long.
    [GeneratedRegex(@"<style\b.*?</style\s*>|<script\b.*?</script\s*>|<head\b.*?</head\s*>|<title\b.*?</title\s*>|<!--.*?-->|\r", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Hidden();

    [GeneratedRegex(@"<(br|/p|/div|/tr|/li|/h\d|hr)\b[^>]*>", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Breaks();

    [GeneratedRegex("<[^>]*>", RegexOptions.NonBacktracking)]
    private static partial Regex Tags();

    [GeneratedRegex(@"\n\s*\n\s*\n+", RegexOptions.NonBacktracking)]
    private static partial Regex TooManyLines();
}
