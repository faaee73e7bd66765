using System.Buffers;

namespace OrleansBackup.Vault.Recipes;

/// <summary>A few KiB of a source ahead of the place that was reached, so that what comes can be looked at before it is taken.</summary>
internal sealed class SourceWindow(Stream source) : IDisposable
{
    private const int Capacity = 128 << 10;

    /// <summary>What can be seen ahead, unless the source ends sooner.</summary>
    public const int Sight = 32 << 10;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(Capacity);
    private int _start, _end;
    private Crc32C _sum = new();

    public bool HasEnded { get; private set; }

    /// <summary>Whether what comes next begins a line.</summary>
    public bool IsAtLineStart { get; private set; } = true;

    public long Taken { get; private set; }

    /// <summary>Of everything taken.</summary>
    public uint Sum => _sum.Value;

    public ReadOnlySpan<byte> Ahead => _buffer.AsSpan(_start, _end - _start);

    public async ValueTask LookAheadAsync(CancellationToken cancellation)
    {
        while (!HasEnded && _end - _start < Sight)
        {
            if (_start > 0)
            {
                Ahead.CopyTo(_buffer);
                (_start, _end) = (0, _end - _start);
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
        var taken = Ahead[..count];
        _sum.Add(taken);
        IsAtLineStart = taken[^1] is (byte)'\n' or (byte)'\r';
        _start += count;
        Taken += count;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        (_start, _end) = (0, 0);
    }
}
