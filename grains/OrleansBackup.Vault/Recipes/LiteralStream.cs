using System.Collections.Immutable;
using OrleansBackup.Vault.Content;

namespace OrleansBackup.Vault.Recipes;

/// <summary>Gives what stays of a content as it is, and on the way stores each run of base64 text that it comes to, decoded.</summary>
/// <remarks>One pass; memory is a window and the store's own. The pieces joined again as <see cref="Parts"/> say are the source, byte for byte.</remarks>
/// <param name="source">Read once, to its end.</param>
/// <param name="store">Stores a part, which it reads to its end.</param>
/// <param name="decode">The framework's decoder if null; whatever it makes of the text, what comes back is the text.</param>
internal sealed class LiteralStream(
    Stream source, Func<Stream, CancellationToken, ValueTask<ContentReference>> store, Base64Decoder? decode = null) : ForwardStream
{
    /// <summary>Every part costs some 70 bytes in the item that names it; a message with more is literal from there on.</summary>
    private const int MostParts = 250;

    private readonly SourceWindow _window = new(source);
    private readonly ImmutableArray<EncodedPart>.Builder _parts = ImmutableArray.CreateBuilder<EncodedPart>();
    private EncodedLayout? _next;
    private int _literalAhead;
    private long _literalSincePart;
    private bool _passedOver;

    /// <summary>The parts so far; all when the stream has ended.</summary>
    public ImmutableArray<EncodedPart> Parts => _parts.ToImmutable();

    /// <summary>Bytes of the source so far.</summary>
    public long SourceBytes => _window.Taken;

    /// <summary>CRC-32C of the source so far.</summary>
    public uint Sum() => _window.Sum();

    /// <summary>Takes a source that is short and without any part as it is: most messages are, and need not go through a stream.</summary>
    /// <returns>The whole source, valid until this is disposed; or null: nothing was taken, read the stream.</returns>
    public async ValueTask<ReadOnlyMemory<byte>?> TryTakeWholeAsync(CancellationToken cancellation)
    {
        await _window.LookAheadAsync(cancellation);
        if (!_window.HasEnded)
            return null;
        LookForPart();
        if (_next is not null)
            return null;
        _literalAhead = 0;
        return _window.TakeAll();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
            return 0;
        while (_literalAhead == 0)
        {
            if (_next is not null)
                await StorePartAsync(_next, cancellationToken);
            await _window.LookAheadAsync(cancellationToken);
            if (_window.Ahead.IsEmpty)
                return 0;
            LookForPart();
        }
        var count = Math.Min(buffer.Length, _literalAhead);
        _window.Ahead[..count].CopyTo(buffer.Span);
        _window.Take(count);
        _literalAhead -= count;
        _literalSincePart += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _window.Dispose();
        base.Dispose(disposing);
    }

    private void LookForPart()
    {
        if (_parts.Count == MostParts)
            (_literalAhead, _next) = (_window.Ahead.Length, null);
        else
            (_literalAhead, _next) = EncodedRun.Find(_window.Ahead, _window.IsAtLineStart && !_passedOver, _window.HasEnded);
        _passedOver = false;
    }

    private async Task StorePartAsync(EncodedLayout layout, CancellationToken cancellation)
    {
        _next = null;
        await using var decoded = new DecodedStream(_window, layout, decode ?? DecodedStream.DecodeWithFramework);
        var content = await store(decoded, cancellation);
        if (content.Length == 0)
        {
            _passedOver = true; // it only looked like one: goes by as text
            return;
        }
        _parts.Add(new(_literalSincePart, decoded.Layout, content));
        _literalSincePart = 0;
    }
}
