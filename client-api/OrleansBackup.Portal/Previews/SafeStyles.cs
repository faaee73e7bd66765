using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace OrleansBackup.Portal.Previews;

/// <summary>Of the styles that a stranger wrote on his elements, the few that can only colour, space and align: as classes of one style sheet of ours, whose hash the policy of the document names.</summary>
/// <remarks>Nothing that loads, moves over something else, or hides: no address, no position, no display. Bounded in number.</remarks>
internal sealed partial class SafeStyles
{
    private const int MostClasses = 500, LongestValue = 100;

    private static readonly FrozenSet<string> Allowed = new[]
    {
        "color", "background-color", "font-weight", "font-style", "font-size", "font-family", "text-align", "text-decoration", "text-transform", "vertical-align", "line-height", "letter-spacing", "white-space",
        "padding", "padding-top", "padding-right", "padding-bottom", "padding-left", "margin", "margin-top", "margin-right", "margin-bottom", "margin-left", "list-style-type",
        "border", "border-top", "border-right", "border-bottom", "border-left", "border-color", "border-style", "border-width", "border-collapse", "border-spacing", "border-radius", "width", "max-width",
    }.ToFrozenSet(StringComparer.Ordinal);

    private readonly Dictionary<string, string> _classes = new(StringComparer.Ordinal);

    /// <summary>The rules of all classes that were given out.</summary>
    public string Sheet
    {
        get
        {
            var sheet = new StringBuilder();
            foreach (var (rules, name) in _classes)
                sheet.Append('.').Append(name).Append('{').Append(rules).Append("}\n");
            return sheet.ToString();
        }
    }

    /// <returns>The class that stands for it; null: nothing of it is left.</returns>
    public string? ClassOf(string style)
    {
        var rules = new StringBuilder();
        foreach (var declaration in style.Split(';', 40))
        {
            var colon = declaration.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
                continue;
            var (property, value) = (declaration[..colon].Trim().ToLowerInvariant(), declaration[(colon + 1)..].Replace("!important", "", StringComparison.OrdinalIgnoreCase).Replace("\"", "", StringComparison.Ordinal).Replace("'", "", StringComparison.Ordinal).Trim());
            if (property == "background")
                property = "background-color"; // a colour is all that is left of it
            if (Allowed.Contains(property) && value.Length is > 0 and <= LongestValue && Value().IsMatch(value))
                rules.Append(property).Append(':').Append(value).Append(';');
        }
        if (rules.Length == 0)
            return null;
        var text = rules.ToString();
        if (_classes.TryGetValue(text, out var known))
            return known;
        return _classes.Count >= MostClasses ? null : _classes[text] = string.Create(CultureInfo.InvariantCulture, $"s{_classes.Count}");
    }

    /// <summary>Words, colours and lengths. No minus: nothing is moved out of its place. No brackets but those of a colour. No backslash: nothing is written round about.</summary>
    [GeneratedRegex(@"^(?:[a-z0-9#%., ]|[a-z]-[a-z]|(?:rgb|rgba|hsl|hsla)\([0-9., %/]+\))+$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Value();
}
