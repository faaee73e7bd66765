using System.Text;

namespace OrleansBackup.GraphSimulator.Generation;

/// <summary>One line of an iCalendar or vCard file: name, parameters, value as written.</summary>
public sealed record ContentLine(string Name, IReadOnlyDictionary<string, string> Parameters, string Value)
{
    /// <summary>The value with <c>\n</c>, <c>\,</c>, <c>\;</c> and <c>\\</c> taken back.</summary>
    public string Text => Unescape(Value);

    /// <summary>The value's parts between semicolons, each unescaped.</summary>
    public IReadOnlyList<string> Parts => [.. Split(Value, ';').Select(Unescape)];

    /// <summary>The value's parts between commas, each unescaped.</summary>
    public IReadOnlyList<string> Items => [.. Split(Value, ',').Select(Unescape)];

    /// <summary>Reads lines, unfolding them; whatever has no colon is passed over, as real files have such lines.</summary>
    public static IEnumerable<ContentLine> Read(ReadOnlySpan<byte> file)
    {
        var text = Encoding.UTF8.GetString(file).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n')
            .Replace("\n ", "", StringComparison.Ordinal).Replace("\n\t", "", StringComparison.Ordinal);
        return text.Split('\n').Select(Parse).OfType<ContentLine>();
    }

    private static ContentLine? Parse(string line)
    {
        var isQuoted = false;
        var colon = -1;
        for (var i = 0; i < line.Length && colon < 0; i++)
        {
            if (line[i] == '"')
                isQuoted = !isQuoted;
            else if (line[i] == ':' && !isQuoted)
                colon = i;
        }
        if (colon <= 0)
            return null;
        var head = Split(line[..colon], ';').ToList();
        var name = head[0][(head[0].LastIndexOf('.') + 1)..].ToUpperInvariant();
        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in head.Skip(1))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            // vCard 2.1 writes types without their name.
            var (key, value) = equals < 0 ? ("TYPE", part) : (part[..equals], part[(equals + 1)..].Trim('"'));
            parameters[key] = parameters.TryGetValue(key, out var before) ? before + "," + value : value;
        }
        return new ContentLine(name, parameters, line[(colon + 1)..]);
    }

    private static IEnumerable<string> Split(string text, char separator)
    {
        var part = new StringBuilder();
        var isQuoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
                part.Append(text[i++]).Append(text[i]);
            else if (text[i] == separator && !isQuoted)
            {
                yield return part.ToString();
                part.Clear();
            }
            else
            {
                if (text[i] == '"')
                    isQuoted = !isQuoted;
                part.Append(text[i]);
            }
        }
        yield return part.ToString();
    }

    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
            return text;
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
                plain.Append(text[i]);
            else
                plain.Append(text[++i] is 'n' or 'N' ? '\n' : text[i]);
        }
        return plain.ToString();
    }
}
