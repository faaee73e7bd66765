using System.Collections.Immutable;

namespace OrleansBackup.TimeTravel.Imap.Parsing;

/// <summary>What of a section is wanted.</summary>
internal enum SectionText
{
    /// <summary>The whole of the part or message.</summary>
    All,
    Header,
    HeaderFields,
    HeaderFieldsNot,
    Text,

    /// <summary>The header of the part itself, not of the message in it.</summary>
    Mime,
}

/// <summary>A section of a message, such as <c>1.2.HEADER.FIELDS (FROM TO)</c>.</summary>
/// <param name="Part">From the top down, counted from 1; empty: the message itself.</param>
/// <param name="Fields">Names of header fields, as they were written.</param>
internal sealed record Section(ImmutableArray<int> Part, SectionText Text, ImmutableArray<string> Fields);

/// <summary>One thing that a FETCH asks for.</summary>
/// <param name="Name">ENVELOPE, FLAGS, INTERNALDATE, RFC822.SIZE, UID, BODY, BODYSTRUCTURE, or BODY[ for a section.</param>
/// <param name="Label">How the answer names it.</param>
internal sealed record FetchItem(string Name, string Label)
{
    public const string OfSection = "BODY[";

    public Section? Section { get; init; }

    public uint From { get; init; }

    /// <summary>Null: to the end.</summary>
    public uint? Length { get; init; }
}

/// <summary>Reads what a FETCH asks for.</summary>
/// <remarks>Source: RFC 3501, section 6.4.5 and fetch-att in section 9.</remarks>
internal static class FetchItems
{
    private const int MostItems = 100, MostFields = 200, DeepestPart = 60;

    public static ImmutableArray<FetchItem> Parse(ImapLexer lexer)
    {
        if (!lexer.Try('('))
            return One(lexer, macros: true);
        var items = ImmutableArray.CreateBuilder<FetchItem>();
        do
        {
            items.AddRange(One(lexer, macros: false));
            if (items.Count > MostItems)
                throw new ImapSyntaxException($"At most {MostItems} things are fetched at once.");
        }
        while (lexer.Try(' '));
        lexer.Expect(')');
        return items.ToImmutable();
    }

    private static ImmutableArray<FetchItem> One(ImapLexer lexer, bool macros)
    {
        var word = lexer.Word();
        return word switch
        {
            "ALL" when macros => [Plain("FLAGS"), Plain("INTERNALDATE"), Plain("RFC822.SIZE"), Plain("ENVELOPE")],
            "FAST" when macros => [Plain("FLAGS"), Plain("INTERNALDATE"), Plain("RFC822.SIZE")],
            "FULL" when macros => [Plain("FLAGS"), Plain("INTERNALDATE"), Plain("RFC822.SIZE"), Plain("ENVELOPE"), Plain("BODY")],
            "FLAGS" or "INTERNALDATE" or "RFC822.SIZE" or "ENVELOPE" or "UID" or "BODYSTRUCTURE" => [Plain(word)],
            "RFC822" => [OfWhole(word, SectionText.All)],
            "RFC822.HEADER" => [OfWhole(word, SectionText.Header)],
            "RFC822.TEXT" => [OfWhole(word, SectionText.Text)],
            "BODY" when !lexer.NextIs('[') => [Plain(word)],
            "BODY" or "BODY.PEEK" => [OfSection(lexer)],
            _ => throw new ImapSyntaxException("This cannot be fetched."),
        };
    }

    private static FetchItem Plain(string word) => new(word, word);

    private static FetchItem OfWhole(string word, SectionText text) => new(FetchItem.OfSection, word) { Section = new Section([], text, []) };

    private static FetchItem OfSection(ImapLexer lexer)
    {
        lexer.Expect('[');
        var (part, text, fields) = (ImmutableArray.CreateBuilder<int>(), SectionText.All, ImmutableArray<string>.Empty);
        var label = "BODY[";
        if (!lexer.NextIs(']'))
        {
            var words = lexer.Word().Split('.');
            var at = 0;
            for (; at < words.Length && int.TryParse(words[at], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) && number > 0; at++)
                part.Add(number);
            if (part.Count > DeepestPart)
                throw new ImapSyntaxException("No part lies so deep.");
            text = string.Join('.', words[at..]) switch
            {
                "" => SectionText.All,
                "HEADER" => SectionText.Header,
                "TEXT" => SectionText.Text,
                "MIME" when part.Count > 0 => SectionText.Mime,
                "HEADER.FIELDS" => SectionText.HeaderFields,
                "HEADER.FIELDS.NOT" => SectionText.HeaderFieldsNot,
                _ => throw new ImapSyntaxException("A message has no such section."),
            };
            label += string.Join('.', words);
            if (text is SectionText.HeaderFields or SectionText.HeaderFieldsNot)
            {
                fields = Fields(lexer);
                label += $" ({string.Join(' ', fields.Select(Written))})";
            }
        }
        lexer.Expect(']');
        label += "]";
        if (!lexer.Try('<'))
            return new FetchItem(FetchItem.OfSection, label) { Section = new Section(part.ToImmutable(), text, fields) };
        var from = lexer.Number(zeroToo: true);
        lexer.Expect('.');
        var length = lexer.Number();
        lexer.Expect('>');
        return new FetchItem(FetchItem.OfSection, $"{label}<{from}>") { Section = new Section(part.ToImmutable(), text, fields), From = from, Length = length };
    }

    private static ImmutableArray<string> Fields(ImapLexer lexer)
    {
        lexer.Space();
        lexer.Expect('(');
        var fields = ImmutableArray.CreateBuilder<string>();
        do
        {
            var field = lexer.AString();
            if (field.Length == 0 || field.Any(character => character is < '!' or > '~' or ':') || fields.Count == MostFields)
                throw new ImapSyntaxException("The names of header fields cannot be read.");
            fields.Add(field);
        }
        while (lexer.Try(' '));
        lexer.Expect(')');
        return fields.ToImmutable();
    }

    // A name of a field can hold characters that an atom cannot.
    private static string Written(string field) =>
        field.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_') ? field.ToUpperInvariant() : $"\"{field.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
