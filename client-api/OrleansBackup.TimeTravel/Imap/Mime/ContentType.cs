using System.Collections.Immutable;
using System.Text;

namespace OrleansBackup.TimeTravel.Imap.Mime;

/// <summary>A value with parameters: Content-Type, Content-Disposition.</summary>
/// <param name="Type">In small letters.</param>
/// <param name="Subtype">In small letters; empty: a value without a slash.</param>
/// <param name="Parameters">In order, names in small letters.</param>
/// <remarks>Source: RFC 2045, section 5.1. Lenient: what cannot be read is left out.</remarks>
internal sealed record ContentType(string Type, string Subtype, ImmutableArray<(string Name, string Value)> Parameters)
{
    private const int MostParameters = 50;

    public string? this[string parameter] => Parameters.FirstOrDefault(one => one.Name == parameter).Value;

    public static ContentType Parse(string? text, string ifNothing)
    {
        var (value, rest) = Cut(text ?? "");
        var words = value.ToLowerInvariant().Split('/', 2);
        if (ifNothing.Contains('/', StringComparison.Ordinal) && (words.Length < 2 || words.Any(word => word.Length == 0)))
            return new(ifNothing.Split('/')[0], ifNothing.Split('/')[1], []);
        return new(words[0], words.Length > 1 ? words[1] : "", [.. ReadParameters(rest)]);
    }

    private static (string Value, string After) Cut(string text)
    {
        var semicolon = text.IndexOf(';', StringComparison.Ordinal);
        var value = semicolon < 0 ? text : text[..semicolon];
        var comment = value.IndexOf('(', StringComparison.Ordinal);
        return ((comment < 0 ? value : value[..comment]).Trim(), semicolon < 0 ? "" : text[(semicolon + 1)..]);
    }

    private static IEnumerable<(string, string)> ReadParameters(string text)
    {
        for (int at = 0, count = 0; at < text.Length && count < MostParameters; count++)
        {
            var equals = text.IndexOf('=', at);
            if (equals < 0)
                yield break;
            var name = text[at..equals].Trim(' ', '\t', ';').ToLowerInvariant();
            at = equals + 1;
            while (at < text.Length && text[at] is ' ' or '\t')
                at++;
            var value = at < text.Length && text[at] == '"' ? Quoted(text, ref at) : Token(text, ref at);
            var end = text.IndexOf(';', Math.Min(at, text.Length));
            at = end < 0 ? text.Length : end + 1;
            if (name.Length > 0)
                yield return (name, value);
        }
    }

    private static string Quoted(string text, ref int at)
    {
        var value = new StringBuilder();
        for (at++; at < text.Length && text[at] != '"'; at++)
            value.Append(text[at] == '\\' && at + 1 < text.Length ? text[++at] : text[at]);
        at++;
        return value.ToString();
    }

    private static string Token(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && text[at] is not (';' or ' ' or '\t'))
            at++;
        return text[start..at];
    }
}
