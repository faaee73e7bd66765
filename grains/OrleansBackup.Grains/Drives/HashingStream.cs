using OrleansBackup.Microsoft365.Drives;

namespace OrleansBackup.Grains.Drives;

/// <summary>Works out the hash of a download while the vault reads it, and gives signs of life: one file can take hours.</summary>
internal sealed class HashingStream(Stream inner, Action alive) : Stream
{
    private const long SignEvery = 16L << 20;
    private readonly QuickXorHash _hash = new();
    private long _nextSign = SignEvery;

    public string Hash => _hash.ToString();

    public long BytesRead => _hash.Length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => BytesRead;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        _hash.Append(buffer.Span[..read]);
        if (BytesRead >= _nextSign)
        {
            _nextSign = BytesRead + SignEvery;
            alive();
        }
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A download is read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }
}
