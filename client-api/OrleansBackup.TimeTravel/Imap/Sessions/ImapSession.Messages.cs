using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using OrleansBackup.TimeTravel.Imap.Answers;
using OrleansBackup.TimeTravel.Imap.Mailboxes;
using OrleansBackup.TimeTravel.Imap.Mime;
using OrleansBackup.TimeTravel.Imap.Parsing;

namespace OrleansBackup.TimeTravel.Imap.Sessions;

/// <summary>Messages: fetched and searched. A message of any size goes by in pieces.</summary>
internal sealed partial class ImapSession
{
    private MessageReader? _reader;

    private async Task<string> FetchAsync(SessionCommand command, CancellationToken cancellation)
    {
        command.Arguments.Space();
        var set = SequenceSet.Parse(command.Arguments.Run());
        command.Arguments.Space();
        var items = FetchItems.Parse(command.Arguments);
        command.Arguments.End();
        if (command.ByUid && items.All(item => item.Name != "UID"))
            items = items.Insert(0, new FetchItem("UID", "UID"));
        foreach (var number in set.In(_folder!.Index.Messages.Length))
            await FetchAsync(number, items, cancellation);
        return "OK FETCH completed";
    }

    private async Task FetchAsync(int number, ImmutableArray<FetchItem> items, CancellationToken cancellation)
    {
        var message = _folder!.Index.Messages[number - 1];
        // What has to be looked for in the message is read before the answer begins: an error then is an answer of its own.
        var found = new List<(FetchItem Item, string? Text, Stretch? Section)>();
        foreach (var item in items)
            found.Add(item.Section is { } section
                ? (item, null, (await _reader!.SectionAsync(message, section, cancellation))?.Cut(item.From, item.Length))
                : (item, await TextAsync(item.Name, number, message, cancellation), null));
        await stream.WriteAsync($"* {number.ToString(CultureInfo.InvariantCulture)} FETCH (", cancellation);
        long sent = 0;
        for (var at = 0; at < found.Count; at++)
        {
            var (item, text, section) = found[at];
            await stream.WriteAsync($"{(at == 0 ? "" : " ")}{item.Label} ", cancellation);
            if (section is not null)
            {
                await SendAsync(message, section, cancellation);
                sent += section.Length;
            }
            else
                await stream.WriteAsync(text ?? "NIL", cancellation);
        }
        await stream.WriteAsync(")\r\n", cancellation);
        if (sent > 0)
            _visit!.Read(sent);
    }

    private async Task<string> TextAsync(string name, int number, IndexedMessage message, CancellationToken cancellation) => name switch
    {
        "UID" => number.ToString(CultureInfo.InvariantCulture),
        "FLAGS" => $"({string.Join(' ', FlagsOf(message))})",
        "INTERNALDATE" => $"\"{message.Date.ToUniversalTime().ToString("dd-MMM-yyyy HH:mm:ss", CultureInfo.InvariantCulture)} +0000\"",
        "RFC822.SIZE" => message.Size.ToString(CultureInfo.InvariantCulture),
        "ENVELOPE" => Written(Envelope.Write(new ImapText(), MimeHeader.Parse(await _reader!.HeaderAsync(message, cancellation)))),
        "BODY" => Written(BodyStructure.Write(new ImapText(), await _reader!.StructureAsync(message, cancellation), extended: false)),
        "BODYSTRUCTURE" => Written(BodyStructure.Write(new ImapText(), await _reader!.StructureAsync(message, cancellation), extended: true)),
        _ => throw new ImapSyntaxException("This cannot be fetched."),
    };

    private async Task SendAsync(IndexedMessage message, Stretch section, CancellationToken cancellation)
    {
        await stream.WriteAsync($"{{{section.Length.ToString(CultureInfo.InvariantCulture)}}}\r\n", cancellation);
        // From here on so many bytes are promised: whatever goes wrong ends the connection.
        _isInLiteral = true;
        if (section.IsAtHand)
            await stream.WriteAsync(section.AtHand, cancellation);
        else
        {
            var left = section.Length;
            if (left > 0)
                await foreach (var piece in message.ReadAsync(_visit!.Point, section.From, section.Length, cancellation))
                {
                    await stream.WriteAsync(piece, cancellation);
                    left -= piece.Length;
                }
            if (left != 0)
                throw new IOException("The message has another length than the restore point says.");
        }
        _isInLiteral = false;
    }

    private async Task<string> SearchAsync(SessionCommand command, CancellationToken cancellation)
    {
        command.Arguments.Space();
        var keys = new SearchKeys(command.Arguments);
        if (keys.TakeCharset() is { } charset && charset.ToUpperInvariant() is not ("UTF-8" or "US-ASCII"))
            return "NO [BADCHARSET (UTF-8 US-ASCII)] This character set is not known here";
        var key = keys.Parse();
        var (index, found) = (_folder!.Index, new StringBuilder("* SEARCH"));
        var search = new MessageSearch(_reader!, _visit!.Point, index, options.SearchBytes);
        try
        {
            for (var number = 1; number <= index.Messages.Length; number++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (await search.MatchesAsync(key, number, cancellation))
                    found.Append(CultureInfo.InvariantCulture, $" {number}");
            }
        }
        catch (SearchTooLargeException)
        {
            return "NO [LIMIT] This would read more messages than the server grants; search in less, or by subject, sender or day";
        }
        await stream.WriteAsync($"{found}\r\n", cancellation);
        return "OK SEARCH completed";
    }

    private static string Written(ImapText text) => Encoding.Latin1.GetString(text.ToBytes());

    private static IEnumerable<string> FlagsOf(IndexedMessage message)
    {
        if (message.IsRead)
            yield return "\\Seen";
        if (message.IsFlagged)
            yield return "\\Flagged";
        if (message.IsDraft)
            yield return "\\Draft";
    }
}
