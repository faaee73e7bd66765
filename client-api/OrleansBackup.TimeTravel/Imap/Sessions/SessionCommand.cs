using OrleansBackup.TimeTravel.Imap.Parsing;

namespace OrleansBackup.TimeTravel.Imap.Sessions;

/// <summary>A command whose tag and name are read; its arguments are not yet.</summary>
/// <param name="Name">In capitals.</param>
/// <param name="ByUid">It names messages by UID and is answered so.</param>
internal sealed record SessionCommand(string Tag, string Name, bool ByUid, ImapLexer Arguments)
{
    /// <exception cref="ImapSyntaxException">It has no tag that it could be answered under, or no name.</exception>
    public static SessionCommand Parse(ReadOnlyMemory<byte> bytes)
    {
        var lexer = new ImapLexer(bytes);
        var tag = lexer.Tag();
        lexer.Space();
        var name = lexer.Word();
        if (name != "UID")
            return new SessionCommand(tag, name, ByUid: false, lexer);
        lexer.Space();
        return new SessionCommand(tag, lexer.Word(), ByUid: true, lexer);
    }

    /// <returns>Null: there is none to answer under.</returns>
    public static string? TagOf(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return new ImapLexer(bytes).Tag();
        }
        catch (ImapSyntaxException)
        {
            return null;
        }
    }
}
