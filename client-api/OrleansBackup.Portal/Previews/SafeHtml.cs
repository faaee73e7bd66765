using System.Collections.Frozen;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace OrleansBackup.Portal.Previews;

/// <summary>HTML of a stranger, written anew with only what is known to be harmless: text, its structure, links that say where they lead, and pictures of the item itself.</summary>
/// <remarks>
/// Pure. Nothing is passed through: each tag and attribute that comes out stands in a list here, each text is encoded by us, and what is opened is closed. No script, no form, no frame, no style but
/// <see cref="SafeStyles"/>, no SVG or MathML (in which browsers read tags by other rules), no address that a browser would load.
/// Bounded: depth, elements and length, so that no letter can make a page that nobody can open.
/// </remarks>
internal sealed partial class SafeHtml
{
    /// <summary>Characters of HTML that are looked at; what follows is left out, and that is said.</summary>
    public const int MostRead = 1_500_000;

    /// <summary>Before the id of a picture of a channel message: the role of its content.</summary>
    public const string HostedRole = "hosted-";

    private const int Deepest = 100, MostElements = 40_000, MostWritten = 4_000_000, LongestAttribute = 500;

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private static readonly FrozenSet<string> Elements = Words(
        "a abbr address article b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn div dl dt em figure figcaption font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark ol p pre q s samp "
        + "section small span strike strong sub sup table tbody td tfoot th thead tr tt u ul var wbr");

    private static readonly FrozenSet<string> Void = Words("br hr col wbr img");

    /// <summary>With all that is in them: it is no text to read, or would be read by other rules.</summary>
    private static readonly FrozenSet<string> Dropped = Words("svg math object applet template select audio video canvas datalist map frameset");

    private static readonly FrozenSet<string> Attributes = Words("align valign width height bgcolor color border cellpadding cellspacing colspan rowspan dir lang title start type size face");

    /// <summary>A new one of these ends an open one of the same, as in browsers.</summary>
    private static readonly FrozenSet<string> EndsItself = Words("p li dd dt tr td th option");

    private readonly StringBuilder _html = new();
    private readonly List<string> _open = [];
    private readonly SafeStyles _styles = new();
    private readonly IReadOnlyDictionary<string, string> _pictures;
    private readonly string _noPicture;
    private string? _linkShown;
    private int _elements;

    private SafeHtml(IReadOnlyDictionary<string, string> pictures, string noPicture) => (_pictures, _noPicture) = (pictures, noPicture);

    /// <param name="Html">Of a body, without the body.</param>
    /// <param name="Sheet">The styles of its classes.</param>
    /// <param name="PicturesLeftOut">Pictures that lie elsewhere, or are not among the item's own.</param>
    /// <param name="IsCut">It was too long, and its end is missing.</param>
    public sealed record Result(string Html, string Sheet, int PicturesLeftOut, bool IsCut);

    private int PicturesLeftOut { get; set; }

    /// <param name="pictures">The item's own, by content id, or of a channel message by their role: each as a <c>data:</c> address.</param>
    /// <param name="noPicture">What stands in place of a picture that is not shown.</param>
    public static Result Of(string html, IReadOnlyDictionary<string, string> pictures, string noPicture)
    {
        var writer = new SafeHtml(pictures, noPicture);
        var isCut = html.Length > MostRead;
        isCut |= !writer.Write(new HtmlScanner(isCut ? html[..MostRead] : html).Read());
        writer.CloseTo(0);
        return new Result(writer._html.ToString(), writer._styles.Sheet, writer.PicturesLeftOut, isCut);
    }

    /// <summary>Plain text as HTML that keeps its lines.</summary>
    public static Result OfText(string text)
    {
        var isCut = text.Length > MostRead;
        return new Result($"<div class=\"text\">{Encoder.Encode(isCut ? text[..MostRead] : text)}</div>", "", 0, isCut);
    }

    public static string Encode(string text) => Encoder.Encode(text);

    private static FrozenSet<string> Words(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private bool Write(IEnumerable<HtmlToken> tokens)
    {
        string? dropping = null;
        var depth = 0;
        foreach (var token in tokens)
        {
            if (_html.Length > MostWritten || _elements > MostElements)
                return false;
            if (dropping is not null)
            {
                depth += token switch { HtmlToken.Start start when start.Name == dropping => 1, HtmlToken.End end when end.Name == dropping => -1, _ => 0 };
                dropping = depth == 0 ? null : dropping;
                continue;
            }
            switch (token)
            {
                case HtmlToken.Text text:
                    _html.Append(Encoder.Encode(text.Decoded));
                    break;
                case HtmlToken.End end:
                    End(end.Name);
                    break;
                case HtmlToken.Start start when Dropped.Contains(start.Name):
                    (dropping, depth) = (start.Name, 1);
                    break;
                case HtmlToken.Start start when Elements.Contains(start.Name):
                    Start(start);
                    break;
            }
        }
        return true;
    }

    private void Start(HtmlToken.Start start)
    {
        _elements++;
        if (start.Name == "img")
        {
            Picture(start);
            return;
        }
        if (EndsItself.Contains(start.Name) && _open.Count > 0 && _open[^1] == start.Name)
            CloseTo(_open.Count - 1);
        if (start.Name == "a")
            End("a"); // one link in another is none
        if (_open.Count >= Deepest && !Void.Contains(start.Name))
            return;
        _html.Append('<').Append(start.Name);
        if (start.Name == "a" && SafeLink.Of(start["href"]) is { } link)
        {
            Attribute("href", link.Address);
            _html.Append(" target=\"_blank\" rel=\"noopener noreferrer nofollow\"");
            _linkShown = link.Shown;
        }
        WriteAttributes(start);
        _html.Append('>');
        if (!Void.Contains(start.Name))
            _open.Add(start.Name);
    }

    private void Picture(HtmlToken.Start start)
    {
        var source = start["src"] ?? "";
        if (KeyOf(source) is { } key && _pictures.TryGetValue(key, out var data))
        {
            _html.Append("<img");
            Attribute("src", data);
            Attribute("alt", start["alt"] ?? "");
            WriteAttributes(start);
            _html.Append('>');
            return;
        }
        PicturesLeftOut++;
        _html.Append("<span class=\"no-picture\">").Append(Encoder.Encode(start["alt"] is { Length: > 0 } alt ? $"{_noPicture}: {(alt.Length > LongestAttribute ? alt[..LongestAttribute] : alt)}" : _noPicture)).Append("</span>");
    }

    /// <summary>By what a letter or a channel message names a picture of its own; null: it lies elsewhere. The address itself is never written.</summary>
    private static string? KeyOf(string source) => source.StartsWith("cid:", StringComparison.OrdinalIgnoreCase) ? source["cid:".Length..].Trim()
        : Hosted().Match(source) is { Success: true } hosted ? HostedRole + Uri.UnescapeDataString(hosted.Groups["id"].Value) : null;

    /// <remarks>Source: Microsoft Graph v1.0, chatMessageHostedContent: <c>…/hostedContents/{id}/$value</c>.</remarks>
    [GeneratedRegex("/hostedContents/(?<id>[^/\"'\\s]+)/\\$value$", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Hosted();

    private void WriteAttributes(HtmlToken.Start start)
    {
        foreach (var (name, value) in start.Attributes.DistinctBy(one => one.Name))
            if (name == "style" && _styles.ClassOf(value) is { } styled)
                Attribute("class", styled);
            else if (Attributes.Contains(name) && value.Length <= LongestAttribute)
                Attribute(name, value);
    }

    private void Attribute(string name, string value) => _html.Append(' ').Append(name).Append("=\"").Append(Encoder.Encode(value)).Append('"');

    private void End(string name)
    {
        var at = _open.LastIndexOf(name);
        if (at >= 0)
            CloseTo(at);
    }

    private void CloseTo(int depth)
    {
        for (var at = _open.Count - 1; at >= depth; at--)
        {
            _html.Append("</").Append(_open[at]).Append('>');
            if (_open[at] == "a" && _linkShown is { } shown)
            {
                _html.Append("<span class=\"to\"> [").Append(Encoder.Encode(shown)).Append("]</span>");
                _linkShown = null;
            }
        }
        _open.RemoveRange(depth, _open.Count - depth);
    }
}
