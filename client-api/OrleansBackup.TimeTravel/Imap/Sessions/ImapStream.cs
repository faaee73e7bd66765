using System.Net.Security;
using System.Text;

namespace OrleansBackup.TimeTravel.Imap.Sessions;

/// <summary>What a program sent has no end within what is granted: the connection ends, since nobody knows where the next command begins.</summary>
/// <param name="refused">What came of it, when the rest can still be declined: the program waits to be told to go on. Null: it cannot.</param>
internal sealed class CommandTooLongException(ReadOnlyMemory<byte>? refused = null) : Exception
{
    public ReadOnlyMemory<byte>? Refused { get; } = refused;
}

/// <summary>Reads commands from a connection and writes answers to it: whole lines and literals, within bounds and times.</summary>
internal sealed class ImapStream(Stream stream, TimeSpan slowReader, TimeProvider time) : IAsyncDisposable
{
    public const int LongestLine = 16 * 1024, LongestSignIn = 4 * 1024, LongestCommand = 128 * 1024;

    private const int BufferBytes = 32 * 1024;

    private readonly byte[] _in = new byte[BufferBytes];
    private readonly byte[] _out = new byte[BufferBytes];
    private Stream _stream = stream;
    private int _from, _to, _held;

    /// <summary>True: bytes came together with the last command.</summary>
    public bool HasMore => _from < _to;

    public bool IsSecure => _stream is SslStream;

    public void Secure(SslStream secured) => _stream = secured;

    /// <summary>One command with its literals, without the line's end.</summary>
    /// <param name="most">How long it may be in all.</param>
    /// <param name="within">How long it may take to come.</param>
    /// <returns>Null: the program has gone.</returns>
    /// <exception cref="OperationCanceledException">It took too long, or <paramref name="cancellation"/>.</exception>
    public async Task<ReadOnlyMemory<byte>?> ReadCommandAsync(int most, TimeSpan within, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(within, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        var command = new List<byte>();
        while (true)
        {
            if (!await ReadLineAsync(command, most, either.Token))
                return null;
            var (length, isAwaited) = LiteralAtEnd(command);
            if (length < 0)
                return command.ToArray();
            command.AddRange("\r\n"u8);
            if (length > most - command.Count)
                throw new CommandTooLongException(isAwaited ? command.ToArray() : null);
            if (isAwaited)
            {
                await WriteAsync("+ go on\r\n"u8.ToArray(), either.Token);
                await FlushAsync(either.Token);
            }
            if (!await ReadExactlyAsync(command, (int)length, either.Token))
                return null;
        }
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (!bytes.IsEmpty)
        {
            var count = Math.Min(bytes.Length, _out.Length - _held);
            bytes[..count].CopyTo(_out.AsMemory(_held));
            (_held, bytes) = (_held + count, bytes[count..]);
            if (_held == _out.Length)
                await FlushAsync(cancellation);
        }
    }

    public Task WriteAsync(string text, CancellationToken cancellation) => WriteAsync(Encoding.Latin1.GetBytes(text), cancellation);

    public async Task FlushAsync(CancellationToken cancellation)
    {
        if (_held == 0)
            return;
        using var patience = new CancellationTokenSource(slowReader, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        await _stream.WriteAsync(_out.AsMemory(0, _held), either.Token);
        await _stream.FlushAsync(either.Token);
        _held = 0;
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task<bool> ReadLineAsync(List<byte> command, int most, CancellationToken cancellation)
    {
        for (var line = 0; ;)
        {
            if (!HasMore && !await FillAsync(cancellation))
                return false;
            var piece = _in.AsMemory(_from, _to - _from);
            var end = piece.Span.IndexOf((byte)'\n');
            var part = end < 0 ? piece : piece[..end];
            line += part.Length;
            if (line > LongestLine || command.Count + part.Length > most)
                throw new CommandTooLongException();
            command.AddRange(part.Span);
            _from += part.Length + (end < 0 ? 0 : 1);
            if (end < 0)
                continue;
            if (command is [.., (byte)'\r'])
                command.RemoveAt(command.Count - 1);
            return true;
        }
    }

    private async Task<bool> ReadExactlyAsync(List<byte> command, int count, CancellationToken cancellation)
    {
        while (count > 0)
        {
            if (!HasMore && !await FillAsync(cancellation))
                return false;
            var part = _in.AsMemory(_from, Math.Min(count, _to - _from));
            command.AddRange(part.Span);
            (_from, count) = (_from + part.Length, count - part.Length);
        }
        return true;
    }

    private async Task<bool> FillAsync(CancellationToken cancellation)
    {
        (_from, _to) = (0, await _stream.ReadAsync(_in, cancellation));
        return _to > 0;
    }

    /// <returns>Length -1: the line does not end in a literal. Awaited: the program sends it only when it is told to go on (RFC 7888 is the other way).</returns>
    private static (long Length, bool IsAwaited) LiteralAtEnd(List<byte> command)
    {
        if (command is not [.., (byte)'}'])
            return (-1, false);
        var at = command.Count - 2;
        var isAwaited = at < 0 || command[at] != '+';
        at -= isAwaited ? 0 : 1;
        long length = 0, digit = 1;
        var digits = 0;
        for (; at >= 0 && digits < 10 && char.IsAsciiDigit((char)command[at]); at--, digits++)
            (length, digit) = (length + digit * (command[at] - '0'), digit * 10);
        return digits > 0 && at >= 0 && command[at] == '{' ? (length, isAwaited) : (-1, false);
    }
}
