using OrleansBackup.Microsoft365.Drives;

namespace OrleansBackup.Grains.Drives;

/// <summary>Works out the hash of a download while the vault reads it, and gives signs of life: one file can take hours.</summary>
/// <param name="hash">Of the bytes before those of <paramref name="inner"/>.</param>
internal sealed class HashingStream(Stream inner, QuickXorHash hash, Action alive) : Stream
{
    private const long SignEvery = 16L << 20;
    private long _nextSign = hash.Length + SignEvery;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => hash.Length;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        hash.Append(buffer.Span[..read]);
        if (hash.Length >= _nextSign)
        {
            _nextSign = hash.Length + SignEvery;
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
