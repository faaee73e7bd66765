using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace OrleansBackup.Microsoft365.Exports;

/// <summary>Reads a JSON answer from the wire piece by piece: an answer can hold gigabytes of base64 and is never held whole.</summary>
/// <remarks>Knows just the JSON that is needed here, and takes it in any order and with any escapes. Not thread-safe; one reader, forward only.</remarks>
internal sealed class AnswerReader(Func<Memory<byte>, CancellationToken, ValueTask<int>> read) : IDisposable
{
    private const int BufferBytes = 64 * 1024;
    private const int LongestText = 64 * 1024;

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private int _at;
    private int _end;

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    /// <summary>The next byte that is no white space, without taking it.</summary>
    /// <exception cref="JsonException">The answer ends here.</exception>
    public async ValueTask<byte> PeekAsync(CancellationToken cancellation)
    {
        while (true)
        {
            while (_at < _end)
            {
                if (_buffer[_at] is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')) return _buffer[_at];
                _at++;
            }

            await FillAsync(cancellation);
        }
    }

    public async ValueTask<byte> TakeAsync(CancellationToken cancellation)
    {
        var value = await PeekAsync(cancellation);
        _at++;
        return value;
    }

    /// <exception cref="JsonException">Something else comes.</exception>
    public async ValueTask ExpectAsync(char expected, CancellationToken cancellation)
    {
        if (await TakeAsync(cancellation) is var found && found != expected) throw new JsonException($"'{expected}' was expected.");
    }

    /// <summary>Goes to the next member of an object or element of an array.</summary>
    /// <returns>False: it has ended, and its end is taken.</returns>
    public async ValueTask<bool> HasNextAsync(char end, bool isFirst, CancellationToken cancellation)
    {
        var next = await PeekAsync(cancellation);
        if (next == end)
        {
            _at++;
            return false;
        }

        if (!isFirst) await ExpectAsync(',', cancellation);
        return true;
    }

    /// <summary>The name of a member, with its colon.</summary>
    public async ValueTask<string> NameAsync(CancellationToken cancellation)
    {
        var name = await TextAsync(cancellation) ?? throw new JsonException("A name was expected.");
        await ExpectAsync(':', cancellation);
        return name;
    }

    /// <summary>A short text, or null.</summary>
    public async ValueTask<string?> TextAsync(CancellationToken cancellation)
    {
        if (await PeekAsync(cancellation) != '"')
        {
            await SkipAsync(cancellation);
            return null;
        }

        _at++;
        var text = new List<byte>();
        for (int next; (next = await NextOfTextAsync(cancellation)) >= 0;)
        {
            if (text.Count == LongestText) throw new JsonException("A text is too long.");
            text.Add((byte)next);
        }

        return Encoding.UTF8.GetString([.. text]);
    }

    /// <summary>Passes over a value of any kind.</summary>
    public async ValueTask SkipAsync(CancellationToken cancellation)
    {
        switch (await PeekAsync(cancellation))
        {
            case (byte)'"':
                _at++;
                while (await NextOfTextAsync(cancellation) >= 0)
                {
                    // only passed over
                }

                break;
            case (byte)'{' or (byte)'[':
                var end = await TakeAsync(cancellation) == '{' ? '}' : ']';
                for (var isFirst = true; await HasNextAsync(end, isFirst, cancellation); isFirst = false)
                {
                    if (end == '}') await NameAsync(cancellation);
                    await SkipAsync(cancellation);
                }

                break;
            default:
                var length = 0;
                while (await PeekAsync(cancellation) is not ((byte)',' or (byte)'}' or (byte)']'))
                {
                    _at++;
                    if (++length > 64) throw new JsonException("This is no JSON.");
                }

                if (length == 0) throw new JsonException("A value was expected.");
                break;
        }
    }

    /// <summary>Takes the quote before a long text; what follows comes by <see cref="ReadBase64Async"/>. False: there is no text.</summary>
    public async ValueTask<bool> BeginBase64Async(CancellationToken cancellation)
    {
        if (await PeekAsync(cancellation) == '"')
        {
            _at++;
            return true;
        }

        await SkipAsync(cancellation);
        return false;
    }

    /// <summary>Text of base64 as it comes, without escapes; 0 at its end, whose quote is taken.</summary>
    /// <exception cref="JsonException">The answer breaks off.</exception>
    public async ValueTask<int> ReadBase64Async(Memory<byte> into, CancellationToken cancellation)
    {
        if (_at == _end) await FillAsync(cancellation);
        var available = _buffer.AsMemory(_at, Math.Min(_end - _at, into.Length));
        var plain = available.Span.IndexOfAny((byte)'"', (byte)'\\');
        if (plain < 0) plain = available.Length;
        if (plain > 0)
        {
            available[..plain].CopyTo(into);
            _at += plain;
            return plain;
        }

        if (await NextOfTextAsync(cancellation) is >= 0 and var escaped)
        {
            into.Span[0] = (byte)escaped;
            return 1;
        }

        return 0;
    }

    /// <summary>One byte of a text; -1 at its closing quote. Escapes beyond ASCII, which nothing here has in a place that matters, become a question mark.</summary>
    private async ValueTask<int> NextOfTextAsync(CancellationToken cancellation)
    {
        var value = await RawAsync(cancellation);
        if (value == '"') return -1;
        if (value != '\\') return value;
        switch (await RawAsync(cancellation))
        {
            case (byte)'n': return '\n';
            case (byte)'r': return '\r';
            case (byte)'t': return '\t';
            case (byte)'b': return '\b';
            case (byte)'f': return '\f';
            case (byte)'u':
                var code = 0;
                for (var i = 0; i < 4; i++)
                {
                    var digit = await RawAsync(cancellation);
                    code = char.IsAsciiHexDigit((char)digit) ? (code << 4) | Convert.ToInt32(((char)digit).ToString(), 16) : throw new JsonException("A broken escape.");
                }

                return code < 128 ? code : '?';
            case var other: return other;
        }
    }

    private async ValueTask<byte> RawAsync(CancellationToken cancellation)
    {
        if (_at == _end) await FillAsync(cancellation);
        return _buffer[_at++];
    }

    private async ValueTask FillAsync(CancellationToken cancellation)
    {
        (_at, _end) = (0, await read(_buffer, cancellation));
        if (_end == 0) throw new JsonException("The answer breaks off.");
    }
}

/// <summary>The bytes of one base64 text of an answer, as a stream that the store can read from.</summary>
internal sealed class Base64Stream(AnswerReader answer) : Stream
{
    private readonly byte[] _text = new byte[16 * 1024];
    private int _textLength;
    private byte[] _bytes = [];
    private int _at;
    private bool _ended;
    private bool _isPadded;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>The text was read to its end.</summary>
    public bool IsRead => _ended && _at == _bytes.Length;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_at == _bytes.Length)
        {
            if (_ended) return 0;
            await DecodeAsync(cancellationToken);
        }

        var taken = Math.Min(buffer.Length, _bytes.Length - _at);
        _bytes.AsMemory(_at, taken).CopyTo(buffer);
        _at += taken;
        return taken;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Content from the wire is read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async ValueTask DecodeAsync(CancellationToken cancellation)
    {
        var read = await answer.ReadBase64Async(_text.AsMemory(_textLength), cancellation);
        _ended = read == 0;
        _textLength += read;
        var whole = _ended ? _textLength : _textLength - (_textLength % 4);
        (_bytes, _at) = (whole == 0 ? [] : new byte[Base64.GetMaxDecodedFromUtf8Length(whole)], 0);
        if (whole == 0) return;
        if (_isPadded) throw new JsonException("The data of an item goes on after its end.");
        if (Base64.DecodeFromUtf8(_text.AsSpan(0, whole), _bytes, out var consumed, out var written, isFinalBlock: true) != OperationStatus.Done || consumed != whole)
            throw new JsonException("The data of an item is no base64.");
        _isPadded = written < whole / 4 * 3;
        if (written < _bytes.Length) _bytes = _bytes[..written];
        _text.AsSpan(whole, _textLength - whole).CopyTo(_text);
        _textLength -= whole;
    }
}
