using System.Net;
using System.Security.Authentication;
using Microsoft.Extensions.Logging;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.TimeTravel.Imap.Parsing;
using OrleansBackup.TimeTravel.Reading;
using OrleansBackup.TimeTravel.Visits;

namespace OrleansBackup.TimeTravel.Imap.Sessions;

/// <summary>One mail program that is connected: not signed in, signed in, in a folder. Reads one command after the other and answers each.</summary>
/// <remarks>
/// Source: RFC 3501; RFC 2971 (ID), 2342 (NAMESPACE), 3691 (UNSELECT), 2177 (IDLE), 6154 (special uses), 7888 (literals), 4959 (initial responses).
/// Nothing that is sent to a program names more than it was let in to; what it sends is never logged.
/// </remarks>
internal sealed partial class ImapSession(
    ImapStream stream, IPAddress from, ImapOptions options, Visitors visitors, KeptReadings kept, Func<Task>? secure, TimeProvider time, ILogger log) : IDisposable
{
    private const string ReadOnly = "NO [READ-ONLY] Nothing can be changed in a restore point";
    private const int MostWrong = 50;

    private Visit? _visit;
    private OpenedFolder? _folder;
    private int _wrong;
    private bool _isLeaving, _isInLiteral;

    private bool MaySignIn => stream.IsSecure || IPAddress.IsLoopback(from.IsIPv4MappedToIPv6 ? from.MapToIPv4() : from);

    private string Capabilities => $"IMAP4rev1 LITERAL+ SASL-IR ID NAMESPACE UNSELECT IDLE CHILDREN SPECIAL-USE XLIST{(secure is not null && !stream.IsSecure ? " STARTTLS" : "")}{(MaySignIn ? " AUTH=PLAIN" : " LOGINDISABLED")}";

    /// <summary>Serves until the program leaves, the opening is over, or it breaks a bound.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            await SendAsync($"* OK [CAPABILITY {Capabilities}] OrleansBackup, an opened restore point; nothing here can be changed\r\n", stopping);
            while (!_isLeaving)
                await NextAsync(stopping);
        }
        catch (OperationCanceledException) when (!_isInLiteral)
        {
            var why = stopping.IsCancellationRequested ? "The server stops" : _visit is { Ended.IsCancellationRequested: true } ? "The opening is over" : "Nothing was said for too long";
            await ByeAsync(why);
        }
        catch (CommandTooLongException)
        {
            await ByeAsync("A command is too long");
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or AuthenticationException)
        {
            // The program went, or was cut off in the middle of a message: it must not take a part for the whole.
        }
    }

    public void Dispose() => _visit?.Dispose();

    private async Task NextAsync(CancellationToken stopping)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping, _visit?.Ended ?? CancellationToken.None);
        ReadOnlyMemory<byte> bytes;
        try
        {
            if (await stream.ReadCommandAsync(_visit is null ? ImapStream.LongestSignIn : ImapStream.LongestCommand, _visit is null ? options.SignInWithin : options.Idle, over.Token) is not { } read)
            {
                _isLeaving = true;
                return;
            }
            bytes = read;
        }
        catch (CommandTooLongException tooLong) when (tooLong.Refused is { } declined && SessionCommand.TagOf(declined) is { } tag)
        {
            await SendAsync($"{tag} NO [READ-ONLY] Nothing can be changed in a restore point, and nothing so long is read\r\n", over.Token);
            return;
        }
        await AnswerAsync(bytes, over.Token);
    }

    private async Task AnswerAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        var tag = SessionCommand.TagOf(bytes) ?? "*";
        try
        {
            if (await AnswerAsync(SessionCommand.Parse(bytes), cancellation) is { Length: > 0 } answer)
                await SendAsync($"{tag} {answer}\r\n", cancellation);
        }
        catch (ImapSyntaxException wrong)
        {
            if (++_wrong > MostWrong)
            {
                await ByeAsync("Too many commands that are none");
                _isLeaving = true;
                return;
            }
            await SendAsync($"{tag} BAD {wrong.Message}\r\n", cancellation);
        }
        catch (ServiceException refused) when (!_isInLiteral)
        {
            await SendAsync($"{tag} NO {OneLine(refused.Message)}\r\n", cancellation);
        }
        catch (Exception error) when (error is not (OperationCanceledException or IOException or CommandTooLongException) && !_isInLiteral)
        {
            LogFailed(log, error);
            await SendAsync($"{tag} NO [SERVERBUG] The server met an error; try again\r\n", cancellation);
        }
    }

    /// <returns>The end of the answer, behind the tag; empty: it is answered already.</returns>
    private Task<string> AnswerAsync(SessionCommand command, CancellationToken cancellation) => command switch
    {
        { ByUid: true, Name: not ("FETCH" or "SEARCH" or "STORE" or "COPY" or "MOVE" or "EXPUNGE") } => throw new ImapSyntaxException("This takes no UIDs."),
        { Name: "CAPABILITY" } => WithoutArgumentsAsync(command, () => ToldAsync($"* CAPABILITY {Capabilities}", "CAPABILITY", cancellation)),
        { Name: "NOOP" } => WithoutArgumentsAsync(command, () => Task.FromResult("OK NOOP completed")),
        { Name: "LOGOUT" } => WithoutArgumentsAsync(command, () => LogoutAsync(cancellation)),
        { Name: "ID" } => IdAsync(command, cancellation),
        { Name: "STARTTLS" } => WithoutArgumentsAsync(command, () => StartTlsAsync(command.Tag, cancellation)),
        { Name: "LOGIN" } => LoginAsync(command, cancellation),
        { Name: "AUTHENTICATE" } => AuthenticateAsync(command, cancellation),
        _ when _visit is null => Task.FromResult("NO Sign in first"),
        { Name: "NAMESPACE" } => WithoutArgumentsAsync(command, () => ToldAsync("* NAMESPACE ((\"\" \"/\")) NIL NIL", "NAMESPACE", cancellation)),
        { Name: "LIST" or "LSUB" or "XLIST" } => ListAsync(command, cancellation),
        { Name: "STATUS" } => StatusAsync(command, cancellation),
        { Name: "SELECT" or "EXAMINE" } => SelectAsync(command, cancellation),
        { Name: "IDLE" } => WithoutArgumentsAsync(command, () => IdleAsync(cancellation)),
        { Name: "CREATE" or "DELETE" or "RENAME" or "SUBSCRIBE" or "UNSUBSCRIBE" or "APPEND" or "SETACL" or "SETMETADATA" or "SETANNOTATION" or "SETQUOTA" } => Task.FromResult(ReadOnly),
        { Name: "CHECK" or "CLOSE" or "UNSELECT" or "FETCH" or "SEARCH" or "STORE" or "COPY" or "MOVE" or "EXPUNGE" } when _folder is null => Task.FromResult("NO Select a folder first"),
        { Name: "CHECK" } => WithoutArgumentsAsync(command, () => Task.FromResult("OK CHECK completed")),
        { Name: "CLOSE" or "UNSELECT" } => WithoutArgumentsAsync(command, () => Task.FromResult(Unselect(command.Name))),
        { Name: "FETCH" } => FetchAsync(command, cancellation),
        { Name: "SEARCH" } => SearchAsync(command, cancellation),
        { Name: "STORE" or "COPY" or "MOVE" or "EXPUNGE" } => Task.FromResult(ReadOnly),
        _ => throw new ImapSyntaxException("There is no such command."),
    };

    private static Task<string> WithoutArgumentsAsync(SessionCommand command, Func<Task<string>> answer)
    {
        command.Arguments.End();
        return answer();
    }

    private async Task<string> ToldAsync(string line, string name, CancellationToken cancellation)
    {
        await stream.WriteAsync($"{line}\r\n", cancellation);
        return $"OK {name} completed";
    }

    private async Task<string> LogoutAsync(CancellationToken cancellation)
    {
        await stream.WriteAsync("* BYE Until then\r\n", cancellation);
        _isLeaving = true;
        return "OK LOGOUT completed";
    }

    private async Task<string> IdAsync(SessionCommand command, CancellationToken cancellation)
    {
        command.Arguments.Space();
        if (command.Arguments.Try('('))
            while (!command.Arguments.Try(')'))
            {
                command.Arguments.NString(); // what the program says of itself changes nothing here
                command.Arguments.Try(' ');
            }
        else
            command.Arguments.NString();
        command.Arguments.End();
        return await ToldAsync("* ID (\"name\" \"OrleansBackup\")", "ID", cancellation);
    }

    /// <summary>Nothing ever comes or goes, so there is nothing to tell; the program may wait all the same.</summary>
    private async Task<string> IdleAsync(CancellationToken cancellation)
    {
        await SendAsync("+ idling\r\n", cancellation);
        if (await stream.ReadCommandAsync(ImapStream.LongestSignIn, options.Idle, cancellation) is not { } said)
            throw new IOException("The program has gone.");
        return said.Span.SequenceEqual("DONE"u8) || said.Span.SequenceEqual("done"u8) ? "OK IDLE completed" : throw new ImapSyntaxException("IDLE ends with DONE.");
    }

    private async Task SendAsync(string text, CancellationToken cancellation)
    {
        await stream.WriteAsync(text, cancellation);
        await stream.FlushAsync(cancellation);
    }

    private async Task ByeAsync(string why)
    {
        try
        {
            await SendAsync($"* BYE {why}\r\n", CancellationToken.None);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // It has gone already.
        }
    }

    private static string OneLine(string text) => string.Concat(text.Select(character => character is < ' ' or > '~' ? ' ' : character));

    [LoggerMessage(4602, LogLevel.Error, "A mail program could not be answered")]
    private static partial void LogFailed(ILogger log, Exception exception);
}
