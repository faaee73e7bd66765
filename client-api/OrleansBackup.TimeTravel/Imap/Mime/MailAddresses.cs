using System.Collections.Immutable;
using System.Text;

namespace OrleansBackup.TimeTravel.Imap.Mime;

/// <summary>An address as an envelope tells it.</summary>
/// <param name="Mailbox">Null: the end of a group. With <paramref name="Host"/> null: the beginning of a group of this name.</param>
/// <remarks>Source: RFC 3501, section 7.4.2.</remarks>
internal sealed record MailAddress(string? Name, string? Mailbox, string? Host);

/// <summary>Reads lists of addresses out of headers. Lenient: what is no address is told as a mailbox of that name, so that a person still sees it.</summary>
/// <remarks>Source: RFC 5322, section 3.4, the obsolete forms of 4.4 where they are met.</remarks>
internal static class MailAddresses
{
    private const int Most = 2_000;

    public static ImmutableArray<MailAddress> Parse(string text)
    {
        var (found, words, at, inGroup) = (ImmutableArray.CreateBuilder<MailAddress>(), new StringBuilder(), 0, false);
        string? angle = null, comment = null;
        while (at < text.Length && found.Count < Most)
        {
            switch (text[at])
            {
                case '"': words.Append(Quoted(text, ref at)); continue;
                case '(': comment = Comment(text, ref at); continue;
                case '<': angle = Angle(text, ref at); continue;
                case ':' when !inGroup && angle is null:
                    found.Add(new MailAddress(null, words.ToString().Trim(), null));
                    inGroup = true;
                    words.Clear();
                    break;
                case ',' or ';':
                    Take();
                    if (text[at] == ';' && inGroup)
                    {
                        found.Add(new MailAddress(null, null, null));
                        inGroup = false;
                    }
                    break;
                default: words.Append(text[at]); break;
            }
            at++;
        }
        Take();
        if (inGroup)
            found.Add(new MailAddress(null, null, null));
        return found.ToImmutable();

        void Take()
        {
            var name = words.ToString().Trim();
            if (angle is not null)
                found.Add(Of(name.Length > 0 ? name : comment, angle));
            else if (name.Length > 0)
                found.Add(Of(comment, name));
            words.Clear();
            angle = comment = null;
        }
    }

    private static MailAddress Of(string? name, string address)
    {
        if (address.StartsWith('@') && address.IndexOf(':', StringComparison.Ordinal) is > 0 and var route)
            address = address[(route + 1)..]; // the way that mail once took
        var cut = address.LastIndexOf('@');
        return cut < 0 ? new(name, address, "") : new(name, address[..cut].Trim(), address[(cut + 1)..].Trim());
    }

    private static string Quoted(string text, ref int at)
    {
        var value = new StringBuilder();
        for (at++; at < text.Length && text[at] != '"'; at++)
            value.Append(text[at] == '\\' && at + 1 < text.Length ? text[++at] : text[at]);
        at++;
        return value.ToString();
    }

    private static string Comment(string text, ref int at)
    {
        var (value, depth) = (new StringBuilder(), 0);
        for (; at < text.Length; at++)
        {
            depth += text[at] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth == 0)
                break;
            if (text[at] == '\\' && at + 1 < text.Length)
                at++;
            value.Append(text[at]);
        }
        at++;
        return value.ToString().TrimStart('(');
    }

    private static string Angle(string text, ref int at)
    {
        var end = text.IndexOf('>', at);
        var value = end < 0 ? text[(at + 1)..] : text[(at + 1)..end];
        at = end < 0 ? text.Length : end + 1;
        return value.Trim();
    }
}
