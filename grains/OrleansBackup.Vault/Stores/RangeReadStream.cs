namespace OrleansBackup.Vault.Stores;

/// <summary>Reads an object piece by piece, so that it is never in memory whole.</summary>
internal sealed class RangeReadStream(IBlobStore store, BlobName name, long length) : Stream
{
    private const int PieceBytes = 4 << 20;

    private ReadOnlyMemory<byte> _piece;
    private long _asked;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => length;

    public override long Position
    {
        get => _asked - _piece.Length;
        set => throw new NotSupportedException();
    }

    /// <exception cref="DamagedObjectException">The object went, or became shorter, while it was read.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_piece.IsEmpty && _asked < length)
        {
            var next = (int)Math.Min(PieceBytes, length - _asked);
            _piece = await store.GetRangeAsync(name, _asked, next, cancellationToken) ?? throw DamagedObjectException.Missing(name, "it went while it was read");
            if (_piece.Length != next)
                throw new DamagedObjectException(name, "it became shorter while it was read");
            _asked += next;
        }
        var taken = Math.Min(buffer.Length, _piece.Length);
        _piece[..taken].CopyTo(buffer);
        _piece = _piece[taken..];
        return taken;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read it asynchronously.");
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
