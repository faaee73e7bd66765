using OrleansBackup.TimeTravel.Imap.Answers;
using OrleansBackup.TimeTravel.Imap.Mailboxes;
using OrleansBackup.TimeTravel.Imap.Parsing;

namespace OrleansBackup.TimeTravel.Imap.Sessions;

/// <summary>Folders: listed, described, opened. Opened is always opened to be read only, whatever was asked for.</summary>
internal sealed partial class ImapSession
{
    private const string Flags = "\\Answered \\Flagged \\Deleted \\Seen \\Draft", NoSuchFolder = "NO [NONEXISTENT] The restore point has no such folder";

    private sealed record OpenedFolder(NamedFolder Folder, MailFolderIndex Index);

    private async Task<string> ListAsync(SessionCommand command, CancellationToken cancellation)
    {
        var arguments = command.Arguments;
        arguments.Space();
        var onlySpecial = arguments.Try('(') && Options(arguments).Contains("SPECIAL-USE"); // RFC 6154, section 2
        if (onlySpecial)
            arguments.Space();
        var reference = arguments.AString();
        arguments.Space();
        var pattern = arguments.Pattern();
        if (arguments.Try(' '))
        {
            if (arguments.Word() != "RETURN")
                throw new ImapSyntaxException("LIST takes a reference and a pattern.");
            arguments.Space();
            arguments.Expect('(');
            Options(arguments); // children and special uses are told in any case
        }
        arguments.End();
        if (pattern.Length == 0)
            return await ToldAsync($"* {command.Name} (\\Noselect) \"/\" \"\"", command.Name, cancellation);
        var folders = await MailFolders.OfAsync(_visit!, kept, cancellation);
        foreach (var folder in folders.Matching(reference + pattern).Where(folder => !onlySpecial || folder.SpecialUse is not null))
        {
            var attributes = $"{(folder.HasChildren ? "\\HasChildren" : "\\HasNoChildren")}{(folder.SpecialUse is { } use ? $" {use}" : "")}{(command.Name == "XLIST" && folder.Name == "INBOX" ? " \\Inbox" : "")}";
            await stream.WriteAsync(new ImapText().Raw($"* {command.Name} ({attributes}) \"/\" ").String(folder.Name).Raw("\r\n").ToBytes(), cancellation);
        }
        return $"OK {command.Name} completed";
    }

    private static HashSet<string> Options(ImapLexer arguments)
    {
        var options = new HashSet<string>(StringComparer.Ordinal);
        while (!arguments.Try(')'))
        {
            options.Add(arguments.Word());
            arguments.Try(' ');
        }
        return options;
    }

    private async Task<string> StatusAsync(SessionCommand command, CancellationToken cancellation)
    {
        command.Arguments.Space();
        var name = command.Arguments.AString();
        command.Arguments.Space();
        command.Arguments.Expect('(');
        var wanted = Options(command.Arguments);
        command.Arguments.End();
        if ((await MailFolders.OfAsync(_visit!, kept, cancellation)).Find(name) is not { } folder)
            return NoSuchFolder;
        var index = await MailFolderIndex.OfAsync(_visit!, folder.Folder, kept, cancellation);
        var values = wanted.Select(one => one switch
        {
            "MESSAGES" => $"{one} {index.Messages.Length}",
            "RECENT" => $"{one} 0",
            "UIDNEXT" => $"{one} {index.Messages.Length + 1}",
            "UIDVALIDITY" => $"{one} {index.Validity}",
            "UNSEEN" => $"{one} {index.Unseen}",
            _ => throw new ImapSyntaxException("A folder has no such figure."),
        });
        _visit!.Listed();
        await stream.WriteAsync(new ImapText().Raw("* STATUS ").String(folder.Name).Raw($" ({string.Join(' ', values)})\r\n").ToBytes(), cancellation);
        return "OK STATUS completed";
    }

    private async Task<string> SelectAsync(SessionCommand command, CancellationToken cancellation)
    {
        command.Arguments.Space();
        var name = command.Arguments.AString();
        command.Arguments.End();
        _folder = null; // also when the other one is not there (RFC 3501, section 6.3.1)
        if ((await MailFolders.OfAsync(_visit!, kept, cancellation)).Find(name) is not { } folder)
            return NoSuchFolder;
        var index = await MailFolderIndex.OfAsync(_visit!, folder.Folder, kept, cancellation);
        _visit!.Listed();
        var unseen = index.FirstUnseen is { } first ? $"* OK [UNSEEN {first}] The first unread message\r\n" : "";
        await stream.WriteAsync(
            $"* FLAGS ({Flags})\r\n* OK [PERMANENTFLAGS ()] No flag can be changed\r\n* {index.Messages.Length} EXISTS\r\n* 0 RECENT\r\n{unseen}"
            + $"* OK [UIDVALIDITY {index.Validity}] The same as long as there is the restore point\r\n* OK [UIDNEXT {index.Messages.Length + 1}] None will come\r\n", cancellation);
        _folder = new OpenedFolder(folder, index);
        return $"OK [READ-ONLY] {command.Name} completed";
    }

    private string Unselect(string name)
    {
        _folder = null;
        return $"OK {name} completed";
    }
}
