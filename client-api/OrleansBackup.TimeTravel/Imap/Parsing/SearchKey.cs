using System.Collections.Immutable;
using System.Globalization;

namespace OrleansBackup.TimeTravel.Imap.Parsing;

/// <summary>What a search looks for. Pure: <c>MessageSearch</c> holds messages against it.</summary>
/// <remarks>Source: RFC 3501, section 6.4.4.</remarks>
internal abstract record SearchKey
{
    public sealed record All : SearchKey;

    /// <summary>What no message of an opened point is: answered, deleted, recent, marked with a word.</summary>
    public sealed record None : SearchKey;

    public sealed record Seen(bool Is) : SearchKey;

    public sealed record Flagged(bool Is) : SearchKey;

    public sealed record Draft(bool Is) : SearchKey;

    public sealed record Numbers(SequenceSet Set) : SearchKey;

    /// <summary>By number of bytes; either bound is outside.</summary>
    public sealed record Size(long MoreThan, long LessThan) : SearchKey;

    /// <summary>From a day on (or null) and before a day (or null).</summary>
    /// <param name="BySent">By the header field Date, else by when it was received.</param>
    public sealed record Day(DateOnly? From, DateOnly? Before, bool BySent) : SearchKey;

    /// <summary>In a field of the header; an empty text: has the field at all.</summary>
    public sealed record Field(string Name, string Text) : SearchKey;

    /// <summary>In the text of the message.</summary>
    /// <param name="HeaderToo">In its header as well.</param>
    public sealed record Words(string Text, bool HeaderToo) : SearchKey;

    public sealed record Not(SearchKey Key) : SearchKey;

    public sealed record Or(SearchKey One, SearchKey Other) : SearchKey;

    public sealed record And(ImmutableArray<SearchKey> Keys) : SearchKey;
}

/// <summary>Reads what a search looks for.</summary>
internal sealed class SearchKeys(ImapLexer lexer)
{
    private const int Deepest = 30, Most = 500;

    private int _keys;

    /// <summary>Before everything else.</summary>
    /// <returns>Null: the command names none.</returns>
    public string? TakeCharset()
    {
        if (!lexer.TryWord("CHARSET"))
            return null;
        lexer.Space();
        var charset = lexer.AString();
        lexer.Space();
        return charset;
    }

    /// <summary>The whole rest of the command.</summary>
    public SearchKey Parse()
    {
        var keys = Several(0);
        lexer.End();
        return keys;
    }

    private SearchKey.And Several(int depth)
    {
        var keys = ImmutableArray.CreateBuilder<SearchKey>();
        do
            keys.Add(One(depth));
        while (lexer.Try(' '));
        return new SearchKey.And(keys.ToImmutable());
    }

    private SearchKey One(int depth)
    {
        if (depth > Deepest || ++_keys > Most)
            throw new ImapSyntaxException($"A search has at most {Most} parts, {Deepest} deep.");
        if (lexer.Try('('))
        {
            var keys = Several(depth + 1);
            lexer.Expect(')');
            return keys;
        }
        if (lexer.NextIs('*') || IsDigit())
            return new SearchKey.Numbers(SequenceSet.Parse(lexer.Run()));
        switch (lexer.Word())
        {
            case "ALL" or "UNANSWERED" or "UNDELETED" or "OLD": return new SearchKey.All();
            case "ANSWERED" or "DELETED" or "RECENT" or "NEW": return new SearchKey.None();
            case "SEEN": return new SearchKey.Seen(true);
            case "UNSEEN": return new SearchKey.Seen(false);
            case "FLAGGED": return new SearchKey.Flagged(true);
            case "UNFLAGGED": return new SearchKey.Flagged(false);
            case "DRAFT": return new SearchKey.Draft(true);
            case "UNDRAFT": return new SearchKey.Draft(false);
            case "KEYWORD": Text(); return new SearchKey.None();
            case "UNKEYWORD": Text(); return new SearchKey.All();
            case "UID": lexer.Space(); return new SearchKey.Numbers(SequenceSet.Parse(lexer.Run()));
            case "LARGER": return new SearchKey.Size(Bytes(), long.MaxValue);
            case "SMALLER": return new SearchKey.Size(-1, Bytes());
            case "SINCE": return new SearchKey.Day(Day(), null, BySent: false);
            case "BEFORE": return new SearchKey.Day(null, Day(), BySent: false);
            case "ON": return OneDay(bySent: false);
            case "SENTSINCE": return new SearchKey.Day(Day(), null, BySent: true);
            case "SENTBEFORE": return new SearchKey.Day(null, Day(), BySent: true);
            case "SENTON": return OneDay(bySent: true);
            case "SUBJECT": return new SearchKey.Field("Subject", Text());
            case "FROM": return new SearchKey.Field("From", Text());
            case "TO": return new SearchKey.Field("To", Text());
            case "CC": return new SearchKey.Field("Cc", Text());
            case "BCC": return new SearchKey.Field("Bcc", Text());
            case "HEADER": return new SearchKey.Field(Text(), Text());
            case "BODY": return new SearchKey.Words(Text(), HeaderToo: false);
            case "TEXT": return new SearchKey.Words(Text(), HeaderToo: true);
            case "NOT": lexer.Space(); return new SearchKey.Not(One(depth + 1));
            case "OR":
                lexer.Space();
                var one = One(depth + 1);
                lexer.Space();
                return new SearchKey.Or(one, One(depth + 1));
            default: throw new ImapSyntaxException("This cannot be searched for.");
        }
    }

    private bool IsDigit() => Enumerable.Range('0', 10).Any(digit => lexer.NextIs((char)digit));

    private string Text()
    {
        lexer.Space();
        return lexer.AString();
    }

    private long Bytes()
    {
        lexer.Space();
        return lexer.Number(zeroToo: true);
    }

    private SearchKey.Day OneDay(bool bySent)
    {
        var day = Day();
        return new SearchKey.Day(day, day < DateOnly.MaxValue ? day.AddDays(1) : null, bySent);
    }

    private DateOnly Day() => DateOnly.TryParseExact(Text(), ["d-MMM-yyyy", "dd-MMM-yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        ? day : throw new ImapSyntaxException("A day is written as 1-Feb-2026.");
}
