using System.Globalization;
using System.Text;

namespace OrleansBackup.TimeTravel.Imap.Parsing;

/// <summary>Reads the words of one command, literals included, from its bytes.</summary>
/// <remarks>Source: RFC 3501, section 9. Takes whole commands only, whose length the connection has bounded; each method goes on where the last one stopped.</remarks>
internal sealed class ImapLexer(ReadOnlyMemory<byte> command)
{
    private readonly ReadOnlyMemory<byte> _bytes = command;
    private int _at;

    public bool IsAtEnd => _at >= _bytes.Length;

    private byte Next => IsAtEnd ? (byte)0 : _bytes.Span[_at];

    public bool NextIs(char character) => !IsAtEnd && Next == character;

    public bool Try(char character)
    {
        if (!NextIs(character))
            return false;
        _at++;
        return true;
    }

    public void Expect(char character)
    {
        if (!Try(character))
            throw new ImapSyntaxException(character == ' ' ? "A space is missing." : $"'{character}' is missing.");
    }

    public void Space() => Expect(' ');

    public void End()
    {
        if (!IsAtEnd)
            throw new ImapSyntaxException("The command has more arguments than it takes.");
    }

    /// <summary>Letters, digits and what else stands in a name of the protocol; in capitals.</summary>
    public string Word()
    {
        var start = _at;
        while (!IsAtEnd && (char.IsAsciiLetterOrDigit((char)Next) || Next is (byte)'.' or (byte)'-' or (byte)'=' or (byte)'_'))
            _at++;
        return _at > start ? Text(start).ToUpperInvariant() : throw new ImapSyntaxException("A word is missing.");
    }

    /// <summary>Goes past a word if it stands here.</summary>
    public bool TryWord(string word)
    {
        if (_bytes.Length - _at < word.Length || !Encoding.Latin1.GetString(_bytes.Span.Slice(_at, word.Length)).Equals(word, StringComparison.OrdinalIgnoreCase))
            return false;
        _at += word.Length;
        return true;
    }

    public string Tag()
    {
        var start = _at;
        while (!IsAtEnd && IsOfAtom(Next) && Next != '+')
            _at++;
        return _at > start ? Text(start) : throw new ImapSyntaxException("A command begins with a tag.");
    }

    /// <summary>From 1 to 2^32-1, or from 0.</summary>
    public uint Number(bool zeroToo = false)
    {
        var start = _at;
        while (!IsAtEnd && char.IsAsciiDigit((char)Next))
            _at++;
        return uint.TryParse(Text(start), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && (zeroToo || number > 0)
            ? number : throw new ImapSyntaxException("A number is missing or out of range.");
    }

    /// <summary>astring: an atom that may hold a bracket, a quoted text or a literal.</summary>
    public string AString() => NextIs('"') ? Quoted() : NextIs('{') ? Utf8(Literal()) : Atom(alsoWildcards: false);

    /// <summary>list-mailbox: as an astring, and the wildcards may stand in it.</summary>
    public string Pattern() => NextIs('"') ? Quoted() : NextIs('{') ? Utf8(Literal()) : Atom(alsoWildcards: true);

    /// <returns>Null: NIL.</returns>
    public string? NString() => NextIs('"') ? Quoted() : NextIs('{') ? Utf8(Literal()) : Word() == "NIL" ? null : throw new ImapSyntaxException("A text or NIL is missing.");

    /// <summary>What stands up to the next space or bracket, unread: sequence sets, dates without quotes.</summary>
    public string Run()
    {
        var start = _at;
        while (!IsAtEnd && Next is not ((byte)' ' or (byte)'(' or (byte)')' or (byte)'[' or (byte)']' or (byte)'<'))
            _at++;
        return Text(start);
    }

    private string Atom(bool alsoWildcards)
    {
        var start = _at;
        while (!IsAtEnd && (IsOfAtom(Next) || Next == ']' || (alsoWildcards && Next is (byte)'%' or (byte)'*')))
            _at++;
        return _at > start ? Text(start) : throw new ImapSyntaxException("An argument is missing.");
    }

    private string Quoted()
    {
        Expect('"');
        var text = new List<byte>();
        while (!Try('"'))
        {
            if (IsAtEnd)
                throw new ImapSyntaxException("A quoted text has no end.");
            if (Try('\\') && Next is not ((byte)'"' or (byte)'\\'))
                throw new ImapSyntaxException("In a quoted text only quotes and backslashes are escaped.");
            if (IsAtEnd || Next is (byte)'\r' or (byte)'\n' or 0)
                throw new ImapSyntaxException("A quoted text ends on its line.");
            text.Add(Next);
            _at++;
        }
        return Utf8([.. text]);
    }

    private byte[] Literal()
    {
        Expect('{');
        var length = Number(zeroToo: true);
        Try('+');
        Expect('}');
        if (!Try('\r') || !Try('\n') || length > _bytes.Length - _at)
            throw new ImapSyntaxException("A literal is not as long as it says.");
        var bytes = _bytes.Slice(_at, (int)length).ToArray();
        _at += (int)length;
        return Array.IndexOf(bytes, (byte)0) < 0 ? bytes : throw new ImapSyntaxException("A literal holds no zero byte.");
    }

    private string Text(int start) => Encoding.Latin1.GetString(_bytes.Span[start.._at]);

    // What is no UTF-8 becomes replacement characters, which match nothing.
    private static string Utf8(byte[] bytes) => Encoding.UTF8.GetString(bytes);

    private static bool IsOfAtom(byte one) => one is > 0x20 and < 0x7F and not ((byte)'(' or (byte)')' or (byte)'{' or (byte)'%' or (byte)'*' or (byte)'"' or (byte)'\\' or (byte)']');
}
