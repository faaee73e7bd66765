using System.Text;
using OrleansBackup.Domain.Openings;
using OrleansBackup.TimeTravel.Imap.Parsing;
using OrleansBackup.TimeTravel.Visits;

namespace OrleansBackup.TimeTravel.Imap.Sessions;

/// <summary>Getting in: TLS, and the name and password of an opening. Wrong ones take time, and a few of them the connection.</summary>
internal sealed partial class ImapSession
{
    private const int MostWrongPasswords = 3;
    private static readonly TimeSpan AfterWrongPassword = TimeSpan.FromSeconds(1);

    private int _wrongPasswords;

    private async Task<string> StartTlsAsync(string tag, CancellationToken cancellation)
    {
        if (secure is null || stream.IsSecure || _visit is not null)
            throw new ImapSyntaxException("TLS cannot begin here.");
        // What came together with the command came in clear: somebody between could have put it there, to be taken for the program's own.
        if (stream.HasMore)
            throw new CommandTooLongException();
        await SendAsync($"{tag} OK begin\r\n", cancellation);
        await secure();
        return ""; // answered before TLS began
    }

    private async Task<string> LoginAsync(SessionCommand command, CancellationToken cancellation)
    {
        var arguments = command.Arguments;
        arguments.Space();
        var user = arguments.AString();
        arguments.Space();
        var password = arguments.AString();
        arguments.End();
        return await SignInAsync(user, password, "LOGIN", cancellation);
    }

    private async Task<string> AuthenticateAsync(SessionCommand command, CancellationToken cancellation)
    {
        command.Arguments.Space();
        if (command.Arguments.Word() != "PLAIN")
            return "NO Only PLAIN is known here";
        string given;
        if (command.Arguments.Try(' '))
            given = command.Arguments.Run();
        else
        {
            command.Arguments.End();
            await SendAsync("+ \r\n", cancellation);
            if (await stream.ReadCommandAsync(ImapStream.LongestSignIn, options.SignInWithin, cancellation) is not { } line)
                throw new IOException("The program has gone.");
            given = Encoding.Latin1.GetString(line.Span);
        }
        var bytes = new byte[given.Length];
        if (!Convert.TryFromBase64String(given, bytes, out var length) || Encoding.UTF8.GetString(bytes, 0, length).Split('\0') is not [var actsFor, var user, var password])
            throw new ImapSyntaxException("These are no credentials of PLAIN (RFC 4616).");
        return actsFor.Length == 0 || actsFor == user ? await SignInAsync(user, password, "AUTHENTICATE", cancellation) : await RefuseAsync(cancellation);
    }

    private async Task<string> SignInAsync(string user, string password, string name, CancellationToken cancellation)
    {
        if (_visit is not null)
            return "NO You are signed in already";
        if (!MaySignIn)
            return "NO [PRIVACYREQUIRED] Begin TLS first: a password is not taken in clear";
        var (entry, visit) = await visitors.EnterAsync(user, password, OpeningProtocol.Imap, from, cancellation);
        if (entry == Entry.NotListenedTo)
        {
            await stream.WriteAsync("* BYE Too many wrong passwords; come back later\r\n", cancellation);
            _isLeaving = true;
            return "NO [LIMIT] Too many wrong passwords";
        }
        if (visit is null)
            return await RefuseAsync(cancellation);
        _visit = visit;
        _reader = new Mailboxes.MessageReader(visit.Point);
        return $"OK [CAPABILITY {Capabilities}] {name} completed: everything here is as it was on {visit.Opened.Sealed:yyyy-MM-dd HH:mm} UTC";
    }

    private async Task<string> RefuseAsync(CancellationToken cancellation)
    {
        await Task.Delay(AfterWrongPassword, time, cancellation);
        if (++_wrongPasswords >= MostWrongPasswords)
        {
            await stream.WriteAsync("* BYE Too many wrong passwords\r\n", cancellation);
            _isLeaving = true;
        }
        return "NO [AUTHENTICATIONFAILED] Not the name and password of an opening that is open";
    }
}
