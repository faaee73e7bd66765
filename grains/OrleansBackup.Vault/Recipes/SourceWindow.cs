using System.Buffers;

namespace OrleansBackup.Vault.Recipes;

/// <summary>A few KiB of a source ahead of the place that was reached, so that what comes can be looked at before it is taken.</summary>
internal sealed class SourceWindow(Stream source) : IDisposable
{
    private const int Capacity = 128 << 10;

    /// <summary>What can be seen ahead, unless the source ends sooner.</summary>
    public const int Sight = 32 << 10;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(Capacity);
    private int _start, _end, _summed;
    private Crc32C _sum = new();

    public bool HasEnded { get; private set; }

    /// <summary>Whether what comes next begins a line.</summary>
    public bool IsAtLineStart { get; private set; } = true;

    public long Taken { get; private set; }

    public ReadOnlySpan<byte> Ahead => _buffer.AsSpan(_start, _end - _start);

    /// <summary>CRC-32C of everything taken. Most sources never ask, so what they hold is looked at only when it leaves the window.</summary>
    public uint Sum()
    {
        _sum.Add(_buffer.AsSpan(_summed, _start - _summed));
        _summed = _start;
        return _sum.Value;
    }

    public async ValueTask LookAheadAsync(CancellationToken cancellation)
    {
        while (!HasEnded && _end - _start < Sight)
        {
            if (_start > 0)
            {
                Sum();
                Ahead.CopyTo(_buffer);
                (_start, _end, _summed) = (0, _end - _start, 0);
            }
            var read = await source.ReadAsync(_buffer.AsMemory(_end), cancellation);
            HasEnded = read == 0;
            _end += read;
        }
    }

    public void Take(int count)
    {
        if (count == 0)
            return;
        IsAtLineStart = Ahead[count - 1] is (byte)'\n' or (byte)'\r';
        _start += count;
        Taken += count;
    }

    /// <summary>Takes all that is ahead.</summary>
    /// <returns>What was taken; valid until the window is used again or disposed.</returns>
    public ReadOnlyMemory<byte> TakeAll()
    {
        var all = _buffer.AsMemory(_start, _end - _start);
        Take(all.Length);
        return all;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        (_start, _end, _summed) = (0, 0, 0);
    }
}
