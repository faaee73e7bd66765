using System.Buffers;
using System.Buffers.Text;
using OrleansBackup.Vault.Content;

namespace OrleansBackup.Vault.Recipes;

/// <summary>Decodes whole groups of base64 text.</summary>
/// <returns>How many bytes came of it, or -1.</returns>
internal delegate int Base64Decoder(ReadOnlySpan<byte> characters, Span<byte> decoded);

/// <summary>Takes one run of base64 text from the window and gives its decoded bytes, as far as they encode back to what was taken.</summary>
/// <remarks>
/// Whole groups are taken only after their decoded bytes were encoded again and compared: the decoder is not trusted (a vectorised one
/// has been reported to decode some input wrongly), and no malformed input can come back changed. What does not compare stays in the window.
/// </remarks>
internal sealed class DecodedStream(SourceWindow window, EncodedLayout layout, Base64Decoder decode) : ForwardStream
{
    private const int PieceCharacters = 64 << 10, PieceBytes = PieceCharacters / 4 * 3;

    private readonly byte[] _characters = ArrayPool<byte>.Shared.Rent(PieceCharacters);
    private readonly byte[] _again = ArrayPool<byte>.Shared.Rent(PieceCharacters);
    private readonly byte[] _decoded = ArrayPool<byte>.Shared.Rent(PieceBytes);
    private int _offset, _filled, _column;
    private bool _ended;

    /// <summary>As it turned out; known at the end.</summary>
    public EncodedLayout Layout { get; private set; } = layout;

    public static int DecodeWithFramework(ReadOnlySpan<byte> characters, Span<byte> decoded) =>
        Base64.DecodeFromUtf8(characters, decoded, out var taken, out var length) == OperationStatus.Done && taken == characters.Length ? length : -1;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_offset == _filled)
        {
            if (_ended)
                return 0;
            await window.LookAheadAsync(cancellationToken);
            if (buffer.Length >= PieceBytes)
            {
                if (DecodeAhead(buffer.Span) is var decoded and > 0)
                    return decoded;
            }
            else
                (_offset, _filled) = (0, DecodeAhead(_decoded));
        }
        var count = Math.Min(buffer.Length, _filled - _offset);
        _decoded.AsSpan(_offset, count).CopyTo(buffer.Span);
        _offset += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            ArrayPool<byte>.Shared.Return(_characters);
            ArrayPool<byte>.Shared.Return(_again);
            ArrayPool<byte>.Shared.Return(_decoded);
        }
        base.Dispose(disposing);
    }

    /// <returns>The bytes that came of it; 0 at the end of the run.</returns>
    private int DecodeAhead(Span<byte> target)
    {
        var count = Gather(window.Ahead);
        var groups = count & ~3;
        if (groups == 0)
        {
            _ended = true;
            return DecodeLast(count, target);
        }
        if (Decode(_characters.AsSpan(0, groups), target) is var decoded and > 0)
        {
            TakeCharacters(groups);
            return decoded;
        }
        _ended = true;
        return 0;
    }

    /// <summary>Copies the characters that stand as the layout says, endings left out.</summary>
    private int Gather(ReadOnlySpan<byte> ahead)
    {
        var ending = Layout.Ending.AsSpan();
        var (count, at, column) = (0, 0, _column);
        while (count < PieceCharacters)
        {
            if (column == Layout.LineLength)
            {
                // An ending belongs to the run only if the run goes on after it.
                if (!ahead[at..].StartsWith(ending) || at + ending.Length == ahead.Length || EncodedRun.CharactersAt(ahead.Slice(at + ending.Length, 1)) == 0)
                    break;
                at += ending.Length;
                column = 0;
            }
            var most = Math.Min(Math.Min(Layout.LineLength - column, PieceCharacters - count), ahead.Length - at);
            var here = EncodedRun.CharactersAt(ahead.Slice(at, most));
            ahead.Slice(at, here).CopyTo(_characters.AsSpan(count));
            (count, at, column) = (count + here, at + here, column + here);
            if (here == 0 || column < Layout.LineLength)
                break;
        }
        return count;
    }

    /// <summary>The last one or two bytes, of two or three characters with or without the padding.</summary>
    private int DecodeLast(int count, Span<byte> target)
    {
        if (count is not (2 or 3))
            return 0;
        _characters.AsSpan(count, 4 - count).Fill((byte)'=');
        var isPadded = window.Ahead[(int)Layout.WrittenBytes(count, _column)..].StartsWith(Padding(4 - count, Layout.ColumnAfter(count, _column)));
        if (Decode(_characters.AsSpan(0, 4), target) is not (> 0 and var decoded))
            return 0;
        Layout = Layout with { IsPadded = isPadded };
        TakeCharacters(isPadded ? 4 : count);
        return decoded;
    }

    /// <summary>The padding as it stands in its lines: a short line may break within it.</summary>
    private byte[] Padding(int count, int column)
    {
        var padding = new List<byte>();
        for (; count > 0; count--, column++)
        {
            if (column == Layout.LineLength)
            {
                padding.AddRange(Layout.Ending.AsSpan());
                column = 0;
            }
            padding.Add((byte)'=');
        }
        return [.. padding];
    }

    /// <returns>How many bytes came of it; 0 if they would not come back as these characters.</returns>
    private int Decode(ReadOnlySpan<byte> characters, Span<byte> target) =>
        decode(characters, target) is var decoded and > 0
            && Base64.EncodeToUtf8(target[..decoded], _again, out _, out var written) == OperationStatus.Done
            && characters.SequenceEqual(_again.AsSpan(0, written)) ? decoded : 0;

    private void TakeCharacters(int count)
    {
        window.Take((int)Layout.WrittenBytes(count, _column));
        _column = Layout.ColumnAfter(count, _column);
    }
}
