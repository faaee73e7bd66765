using System.Buffers;
using System.Buffers.Text;
using System.Collections.Immutable;
using OrleansBackup.Vault.Content;

namespace OrleansBackup.Vault.Recipes;

/// <summary>Puts a content together again from its literal text and its parts, which it encodes as they were.</summary>
/// <param name="literal">The literal text; disposed with this.</param>
/// <param name="open">Opens a part's decoded bytes.</param>
/// <param name="damaged">Makes the error for pieces that are each what they should be, but not together.</param>
internal sealed class ReassembledStream(
    ContentReference content, Stream literal, Func<ContentReference, CancellationToken, Task<Stream>> open, Func<string, Exception> damaged) : ForwardStream
{
    private const int PieceBytes = 48 << 10; // decoded; whole groups of three
    private const int LaidBytes = 64 << 10;

    private readonly ImmutableArray<EncodedPart> _parts = content.Parts;
    private readonly byte[] _decoded = ArrayPool<byte>.Shared.Rent(PieceBytes);
    private readonly byte[] _characters = ArrayPool<byte>.Shared.Rent(PieceBytes / 3 * 4);
    private readonly byte[] _laid = ArrayPool<byte>.Shared.Rent(LaidBytes);
    private Stream? _part;
    private int _nextPart, _column, _characterAt, _characterEnd, _laidAt, _laidEnd;
    private long _literalLeft = content.Parts[0].LiteralBefore;
    private long _position;
    private Crc32C _sum = new();

    public override long Length => content.Length;
    public override long Position { get => _position; set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = 0;
        while (count == 0 && !buffer.IsEmpty && _position < content.Length)
        {
            if (_part is not null)
                count = await ReadPartAsync(_part, buffer, cancellationToken);
            else if (_literalLeft > 0)
            {
                count = await literal.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _literalLeft)], cancellationToken);
                _literalLeft -= count > 0 ? count : throw damaged("its literal text ends too early");
            }
            else
                (_part, _column) = (await open(_parts[_nextPart].Content, cancellationToken), 0);
        }
        _position += count;
        _sum.Add(buffer.Span[..count]);
        return _position < content.Length || _sum.Value == content.Sum ? count : throw damaged("its pieces do not make what was stored");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            literal.Dispose();
            _part?.Dispose();
            ArrayPool<byte>.Shared.Return(_decoded);
            ArrayPool<byte>.Shared.Return(_characters);
            ArrayPool<byte>.Shared.Return(_laid);
        }
        base.Dispose(disposing);
    }

    /// <returns>0: the part is over.</returns>
    private async ValueTask<int> ReadPartAsync(Stream part, Memory<byte> buffer, CancellationToken cancellation)
    {
        var layout = _parts[_nextPart].Layout;
        if (_laidAt == _laidEnd)
        {
            if (_characterAt == _characterEnd)
                Encode(layout, await part.ReadAtLeastAsync(_decoded.AsMemory(0, PieceBytes), PieceBytes, throwOnEndOfStream: false, cancellation));
            LayOut(layout);
            if (_laidEnd == 0)
            {
                await part.DisposeAsync();
                _part = null;
                _nextPart++;
                _literalLeft = _nextPart < _parts.Length ? _parts[_nextPart].LiteralBefore : content.Literal!.Length - _parts.Sum(p => p.LiteralBefore);
            }
        }
        var count = Math.Min(buffer.Length, _laidEnd - _laidAt);
        _laid.AsSpan(_laidAt, count).CopyTo(buffer.Span);
        _laidAt += count;
        return count;
    }

    private void Encode(EncodedLayout layout, int decoded)
    {
        Base64.EncodeToUtf8(_decoded.AsSpan(0, decoded), _characters, out _, out _characterEnd);
        _characterAt = 0;
        if (!layout.IsPadded)
            _characterEnd = _characters.AsSpan(0, _characterEnd).TrimEnd((byte)'=').Length;
    }

    private void LayOut(EncodedLayout layout)
    {
        (_laidAt, _laidEnd) = (0, 0);
        while (_characterAt < _characterEnd && _laidEnd <= LaidBytes - EncodedLayout.LongestEnding - 1)
        {
            if (_column == layout.LineLength)
            {
                layout.Ending.AsSpan().CopyTo(_laid.AsSpan(_laidEnd));
                _laidEnd += layout.Ending.Length;
                _column = 0;
            }
            var count = Math.Min(Math.Min(layout.LineLength - _column, _characterEnd - _characterAt), LaidBytes - _laidEnd);
            _characters.AsSpan(_characterAt, count).CopyTo(_laid.AsSpan(_laidEnd));
            (_laidEnd, _characterAt, _column) = (_laidEnd + count, _characterAt + count, _column + count);
        }
    }
}
