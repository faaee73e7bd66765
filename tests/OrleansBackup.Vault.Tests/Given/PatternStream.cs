using System.Security.Cryptography;

namespace OrleansBackup.Vault.Tests.Given;

/// <summary>So many bytes that follow from their position, made as they are read; remembers how much was asked for at once.</summary>
internal sealed class PatternStream(long length, int seed = 0) : Stream
{
    private long _position;

    public int LargestRead { get; private set; }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => _position; set => throw new NotSupportedException(); }

    public byte[] At(long position, int count) => [.. Enumerable.Range(0, count).Select(i => ByteAt(position + i))];

    public static async Task<string> HashAsync(Stream stream) => Convert.ToHexString(await SHA256.HashDataAsync(stream));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.FromResult(Read(buffer.AsSpan(offset, count)));

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        LargestRead = Math.Max(LargestRead, buffer.Length);
        var read = (int)Math.Min(buffer.Length, length - _position);
        for (var i = 0; i < read; i++)
            buffer[i] = ByteAt(_position++);
        return read;
    }

    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private byte ByteAt(long position) => (byte)(position * 31 + (position >> 11) + seed);
}
