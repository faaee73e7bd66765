using System.Net;
using System.Text;

namespace OrleansBackup.GraphSimulator.Content;

/// <summary>Body text in its two forms: what a reader sees of HTML, and text wrapped as HTML.</summary>
public static class BodyText
{
    private const int PreviewLength = 255;

    /// <summary>The start of the body as one line of text.</summary>
    public static string Preview(string body, bool isHtml)
    {
        // A preview needs little; only the start of a long body is looked at.
        var start = body.Length > 16384 ? body[..16384] : body;
        var text = (isHtml ? FromHtml(start) : start).Replace('\0', ' ').Trim();
        if (text.Length <= PreviewLength)
            return text;
        var end = char.IsHighSurrogate(text[PreviewLength - 1]) ? PreviewLength - 1 : PreviewLength;
        return text[..end];
    }

    /// <summary>Text without tags, styles and scripts. A rough reading, enough for a preview and a text body.</summary>
    public static string FromHtml(string html)
    {
        var text = new StringBuilder(html.Length);
        for (var i = 0; i < html.Length;)
        {
            if (html[i] != '<')
            {
                text.Append(html[i++]);
                continue;
            }
            var skipTo = html.AsSpan(i).StartsWith("<style", StringComparison.OrdinalIgnoreCase) ? "</style"
                : html.AsSpan(i).StartsWith("<script", StringComparison.OrdinalIgnoreCase) ? "</script"
                : html.AsSpan(i).StartsWith("<!--", StringComparison.Ordinal) ? "--" : null;
            var from = skipTo is null ? i : html.IndexOf(skipTo, i + 1, StringComparison.OrdinalIgnoreCase);
            var end = from < 0 ? -1 : html.IndexOf('>', from);
            if (html.AsSpan(i).StartsWith("<br", StringComparison.OrdinalIgnoreCase) || html.AsSpan(i).StartsWith("</p", StringComparison.OrdinalIgnoreCase))
                text.Append("\r\n");
            i = end < 0 ? html.Length : end + 1;
        }
        return WebUtility.HtmlDecode(text.ToString());
    }

    /// <summary>Plain text as the service shows it when HTML is asked for.</summary>
    public static string ToHtml(string text) =>
        "<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\"></head><body><div class=\"PlainText\">"
        + WebUtility.HtmlEncode(text).Replace("\n", "<br>\n", StringComparison.Ordinal) + "</div></body></html>";
}
