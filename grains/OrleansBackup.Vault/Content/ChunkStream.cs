using System.Collections.Immutable;

namespace OrleansBackup.Vault.Content;

/// <summary>Reads chunked content from front to back, one verified chunk in memory.</summary>
internal sealed class ChunkStream(ContentReader reader, ImmutableArray<ChunkReference> chunks) : ForwardStream
{
    private byte[] _chunk = [];
    private int _next, _offset;
    private long _position;

    public override long Length { get; } = chunks.Sum(c => (long)c.Length);
    public override long Position { get => _position; set => throw new NotSupportedException(); }

    /// <summary>Goes past whole chunks without reading them. Before the first read only.</summary>
    /// <param name="bytes">How many to go past; what is left afterwards lies in the next chunk.</param>
    public void SkipChunks(ref long bytes)
    {
        for (; _next < chunks.Length && chunks[_next].Length <= bytes; _next++)
            (bytes, _position) = (bytes - chunks[_next].Length, _position + chunks[_next].Length);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_offset == _chunk.Length)
        {
            if (_next == chunks.Length)
                return 0;
            _chunk = await reader.ReadChunkAsync(chunks[_next++], cancellationToken);
            _offset = 0;
        }
        var count = Math.Min(buffer.Length, _chunk.Length - _offset);
        _chunk.AsSpan(_offset, count).CopyTo(buffer.Span);
        (_offset, _position) = (_offset + count, _position + count);
        return count;
    }
}
