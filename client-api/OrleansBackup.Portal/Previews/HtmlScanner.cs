using System.Collections.Immutable;
using System.Net;

namespace OrleansBackup.Portal.Previews;

/// <summary>Takes HTML apart into text and tags, as forgiving as browsers are. Comments, declarations and what lies in scripts and styles are left out.</summary>
/// <remarks>
/// Safety does not rest on reading it as a browser would: <see cref="SafeHtml"/> writes everything anew, so what is misread here comes out as harmless text.
/// Each character is looked at a bounded number of times, whatever it is.
/// </remarks>
internal sealed class HtmlScanner(string html)
{
    private const int MostAttributes = 40, LongestName = 40;

    // Browsers read no tags in these: all up to their end is script, style or text that is not shown in place.
    private static readonly ImmutableHashSet<string> Raw = ["script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "noscript", "plaintext"];

    private int _at;

    public IEnumerable<HtmlToken> Read()
    {
        while (_at < html.Length)
        {
            var open = html.IndexOf('<', _at);
            if (open != _at)
                yield return TakeText(open < 0 ? html.Length : open);
            else if (TakeMarkup() is { } token)
                yield return token;
        }
    }

    private HtmlToken.Text TakeText(int end)
    {
        var text = html[_at..end];
        _at = end;
        return new HtmlToken.Text(WebUtility.HtmlDecode(text));
    }

    private HtmlToken? TakeMarkup()
    {
        var next = _at + 1 < html.Length ? html[_at + 1] : '\0';
        if (char.IsAsciiLetter(next))
            return TakeStart();
        if (next == '/')
            return TakeEnd();
        if (next is '!' or '?')
        {
            var isComment = string.CompareOrdinal(html, _at, "<!--", 0, 4) == 0;
            _at = isComment ? After("-->", _at + 2) : After(">", _at + 2);
            return null;
        }
        _at++;
        return new HtmlToken.Text("<");
    }

    private HtmlToken.End? TakeEnd()
    {
        _at += 2;
        var name = TakeName();
        _at = After(">", _at);
        return name.Length == 0 ? null : new HtmlToken.End(name);
    }

    private HtmlToken.Start TakeStart()
    {
        _at++;
        var name = TakeName();
        var attributes = ImmutableArray.CreateBuilder<(string, string)>();
        while (TakeAttribute() is { } attribute)
            if (attributes.Count < MostAttributes && attribute.Name.Length > 0)
                attributes.Add(attribute);
        if (Raw.Contains(name))
            SkipRaw(name);
        return new HtmlToken.Start(name, attributes.ToImmutable());
    }

    private string TakeName()
    {
        var begin = _at;
        while (_at < html.Length && !char.IsWhiteSpace(html[_at]) && html[_at] is not ('/' or '>'))
            _at++;
        // Longer than any name there is: no tag that we know.
        return _at - begin > LongestName ? "?" : html[begin.._at].ToLowerInvariant();
    }

    /// <returns>Null: the tag ended.</returns>
    private (string Name, string Value)? TakeAttribute()
    {
        while (_at < html.Length && (char.IsWhiteSpace(html[_at]) || html[_at] == '/'))
            _at++;
        if (_at >= html.Length || html[_at] == '>')
        {
            _at = Math.Min(_at + 1, html.Length);
            return null;
        }
        var begin = _at++; // whatever it is, one character goes on
        while (_at < html.Length && !char.IsWhiteSpace(html[_at]) && html[_at] is not ('=' or '>' or '/'))
            _at++;
        var name = _at - begin > LongestName ? "" : html[begin.._at].ToLowerInvariant();
        while (_at < html.Length && char.IsWhiteSpace(html[_at]))
            _at++;
        return _at < html.Length && html[_at] == '=' ? (name, TakeValue()) : (name, "");
    }

    private string TakeValue()
    {
        _at++;
        while (_at < html.Length && char.IsWhiteSpace(html[_at]))
            _at++;
        if (_at >= html.Length)
            return "";
        int begin, end;
        if (html[_at] is '"' or '\'')
        {
            begin = _at + 1;
            var close = html.IndexOf(html[_at], begin);
            end = close < 0 ? html.Length : close;
            _at = Math.Min(end + 1, html.Length);
        }
        else
        {
            begin = _at;
            while (_at < html.Length && !char.IsWhiteSpace(html[_at]) && html[_at] != '>')
                _at++;
            end = _at;
        }
        return WebUtility.HtmlDecode(html[begin..end]);
    }

    private void SkipRaw(string name)
    {
        if (name == "plaintext")
        {
            _at = html.Length; // it has no end
            return;
        }
        var close = html.IndexOf($"</{name}", _at, StringComparison.OrdinalIgnoreCase);
        _at = close < 0 ? html.Length : After(">", close);
    }

    private int After(string mark, int from)
    {
        var found = from >= html.Length ? -1 : html.IndexOf(mark, from, StringComparison.Ordinal);
        return found < 0 ? html.Length : found + mark.Length;
    }
}
