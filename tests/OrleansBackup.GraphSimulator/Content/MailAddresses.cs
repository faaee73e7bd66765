using System.Collections.Immutable;
using System.Text;

namespace OrleansBackup.GraphSimulator.Content;

/// <summary>Reads address lists. Nonsense becomes an address of that text, as the service does.</summary>
public static class MailAddresses
{
    public static ImmutableArray<MailAddress> Parse(string? header)
    {
        if (string.IsNullOrWhiteSpace(header))
            return [];
        var found = ImmutableArray.CreateBuilder<MailAddress>();
        foreach (var piece in Split(header))
        {
            if (ParseOne(piece) is { } address)
                found.Add(address);
        }
        return found.ToImmutable();
    }

    private static MailAddress? ParseOne(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.Length == 0)
            return null;
        var open = trimmed.LastIndexOf('<');
        if (open >= 0)
        {
            var close = trimmed.IndexOf('>', open);
            var address = (close < 0 ? trimmed[(open + 1)..] : trimmed[(open + 1)..close]).Trim();
            var name = Clean(trimmed[..open]);
            return new MailAddress(name.Length == 0 ? address : name, address);
        }
        var comment = trimmed.IndexOf('(', StringComparison.Ordinal);
        if (comment > 0)
            return new MailAddress(Clean(trimmed[(comment + 1)..].TrimEnd(')')), trimmed[..comment].Trim());
        var plain = EncodedWords.Decode(trimmed).Trim('"');
        return new MailAddress(plain, plain);
    }

    private static string Clean(string name)
    {
        var text = name.Trim();
        if (text.Length >= 2 && text[0] == '"' && text[^1] == '"')
            text = text[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);
        return EncodedWords.Decode(text).Trim();
    }

    private static IEnumerable<string> Split(string text)
    {
        var piece = new StringBuilder();
        bool quoted = false, angled = false;
        var comments = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (character == '\\' && quoted && i + 1 < text.Length)
            {
                piece.Append(character).Append(text[++i]);
                continue;
            }
            if (character == '"')
                quoted = !quoted;
            else if (!quoted)
            {
                comments = Math.Max(0, comments + (character == '(' ? 1 : character == ')' ? -1 : 0));
                angled = character == '<' || (angled && character != '>');
                if (comments == 0 && !angled && character is ',' or ';')
                {
                    yield return piece.ToString();
                    piece.Clear();
                    continue;
                }
                if (comments == 0 && !angled && character == ':')
                {
                    piece.Clear(); // the name of a group
                    continue;
                }
            }
            piece.Append(character);
        }
        yield return piece.ToString();
    }
}
