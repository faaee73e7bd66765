using System.Text;

namespace OrleansBackup.GraphSimulator.Content;

/// <summary>A header of the form <c>value; name=value</c>, with RFC 2231 continuations and RFC 2047 words undone.</summary>
public sealed class MimeHeaderValue
{
    private readonly Dictionary<string, string> _parameters = new(StringComparer.OrdinalIgnoreCase);

    private MimeHeaderValue(string value) => Value = value;

    /// <summary>The part before the first semicolon, in lower case; empty when there is none.</summary>
    public string Value { get; }

    public string? Parameter(string name) => _parameters.GetValueOrDefault(name);

    /// <summary>Reads any text; what is not a parameter is left out.</summary>
    public static MimeHeaderValue Parse(string? text, string fallback = "")
    {
        var pieces = Split(text ?? "");
        var value = pieces.Count > 0 ? pieces[0].Trim().ToLowerInvariant() : "";
        var header = new MimeHeaderValue(value.Length == 0 ? fallback : value);
        var continued = new SortedDictionary<string, SortedDictionary<int, string>>(StringComparer.OrdinalIgnoreCase);
        foreach (var piece in pieces.Skip(1))
        {
            var equals = piece.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                continue;
            var name = piece[..equals].Trim();
            var content = Unquote(piece[(equals + 1)..].Trim());
            var star = name.IndexOf('*', StringComparison.Ordinal);
            if (star <= 0)
            {
                header._parameters.TryAdd(name, EncodedWords.Decode(content));
                continue;
            }
            var number = int.TryParse(name[(star + 1)..].TrimEnd('*'), out var parsed) ? parsed : 0;
            var parts = continued.TryGetValue(name[..star], out var existing) ? existing : continued[name[..star]] = [];
            parts[number] = name.EndsWith('*') ? content : Uri.EscapeDataString(content);
        }
        foreach (var (name, parts) in continued)
            header._parameters[name] = DecodeExtended(string.Concat(parts.Values));
        return header;
    }

    private static string DecodeExtended(string text)
    {
        var first = text.IndexOf('\'', StringComparison.Ordinal);
        var second = first < 0 ? -1 : text.IndexOf('\'', first + 1);
        var charset = second < 0 ? null : text[..first];
        var bytes = new List<byte>();
        for (var i = second + 1; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && Uri.IsHexDigit(text[i + 1]) && Uri.IsHexDigit(text[i + 2]))
            {
                bytes.Add(Convert.ToByte(text.Substring(i + 1, 2), 16));
                i += 2;
            }
            else
                bytes.AddRange(Encoding.UTF8.GetBytes(text[i].ToString()));
        }
        return Charsets.Decode(charset, bytes.ToArray());
    }

    private static List<string> Split(string text)
    {
        var pieces = new List<string>();
        var start = 0;
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && quoted)
                i++;
            else if (text[i] == '"')
                quoted = !quoted;
            else if (text[i] == ';' && !quoted)
            {
                pieces.Add(text[start..i]);
                start = i + 1;
            }
        }
        pieces.Add(text[Math.Min(start, text.Length)..]);
        return pieces;
    }

    private static string Unquote(string text)
    {
        if (text.Length < 1 || text[0] != '"')
            return text;
        var result = new StringBuilder();
        for (var i = 1; i < text.Length && text[i] != '"'; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
                i++;
            result.Append(text[i]);
        }
        return result.ToString();
    }
}
