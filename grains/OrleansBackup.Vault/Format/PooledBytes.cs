using System.Buffers;

namespace OrleansBackup.Vault.Format;

/// <summary>Bytes in an array of the shared pool: blocks, chunks and packs are large, and new ones all the time are what fills the large object heap.</summary>
/// <remarks>One owner, who disposes it once and reads nothing of it afterwards. Not disposed, it is collected like any array.</remarks>
internal sealed class PooledBytes(int capacity) : IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(capacity);

    public int Length { get; private set; }
    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);
    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public static PooledBytes CopyOf(ReadOnlySpan<byte> bytes)
    {
        var copy = new PooledBytes(bytes.Length);
        copy.Append(bytes);
        return copy;
    }

    public void Append(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Extend(bytes.Length));

    /// <returns>The next bytes, to write to; whatever is in them before.</returns>
    public Span<byte> Extend(int count)
    {
        if (_bytes.Length - Length < count)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * _bytes.Length, Length + count));
            Span.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }
        Length += count;
        return _bytes.AsSpan(Length - count, count);
    }

    /// <summary>Appends up to <paramref name="most"/> bytes of a stream.</summary>
    /// <returns>False: the stream is at its end.</returns>
    public async ValueTask<bool> AppendFromAsync(Stream source, int most, CancellationToken cancellation)
    {
        Extend(most);
        Length -= most;
        var read = await source.ReadAsync(_bytes.AsMemory(Length, most), cancellation);
        Length += read;
        return read > 0;
    }

    /// <summary>Takes the first bytes out.</summary>
    public void Drop(int count)
    {
        Span[count..].CopyTo(_bytes);
        Length -= count;
    }

    /// <summary>Gives back what <see cref="Extend"/> took too much.</summary>
    public void Shorten(int count) => Length -= count;

    public void Dispose()
    {
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, Length) = ([], 0);
    }
}
