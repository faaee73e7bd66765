namespace OrleansBackup.ClientApi.Streams;

/// <summary>Lets a writer that now and then writes synchronously write to a response, which takes asynchronous writes only.</summary>
/// <remarks>
/// <see cref="System.IO.Compression.ZipArchive"/> writes some bytes around each entry synchronously, also through its asynchronous methods.
/// Those are held here until the next asynchronous call; a small entry is written synchronously as a whole, so call
/// <see cref="SendHeldAsync"/> after each.
/// </remarks>
internal sealed class AsyncOnlyStream(Stream response) : Stream
{
    private readonly MemoryStream _held = new();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer) => _held.Write(buffer);

    public override void Write(byte[] buffer, int offset, int count) => _held.Write(buffer, offset, count);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await SendHeldAsync(cancellationToken);
        await response.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Nothing yet: what is held goes with the next asynchronous call.</summary>
    public override void Flush()
    {
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await SendHeldAsync(cancellationToken);
        await response.FlushAsync(cancellationToken);
    }

    /// <summary>Sends what was written synchronously.</summary>
    public async ValueTask SendHeldAsync(CancellationToken cancellation)
    {
        if (_held.Length == 0)
            return;
        await response.WriteAsync(_held.GetBuffer().AsMemory(0, (int)_held.Length), cancellation);
        _held.SetLength(0);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
