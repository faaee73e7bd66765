using System.Buffers.Binary;
using System.Security.Cryptography;
using OrleansBackup.GraphSimulator.Generation;

namespace OrleansBackup.GraphSimulator.World;

/// <summary>The bytes of a file, readable from any offset: a file of many gigabytes is a seed and a length, never held.</summary>
public abstract class FileContent
{
    private const int Step = 1 << 20;
    private readonly Lock _lock = new();
    private string? _quickXorHash;
    private string? _sha256;

    public abstract long Length { get; }

    /// <summary>Fills <paramref name="destination"/> with the bytes from <paramref name="offset"/>; all of it lies within the content.</summary>
    public abstract void Read(long offset, Span<byte> destination);

    /// <summary>As the service shows it: base64 of 20 bytes. Worked out once.</summary>
    public string QuickXorHash
    {
        get
        {
            lock (_lock)
                return _quickXorHash ??= Walk(new QuickXor(), (hash, piece) => hash.Add(piece), hash => Convert.ToBase64String(hash.Finish()));
        }
    }

    /// <summary>Small hexadecimal; for the truth. Worked out once.</summary>
    public string Sha256
    {
        get
        {
            lock (_lock)
            {
                using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                return _sha256 ??= Walk(sha, (hash, piece) => hash.AppendData(piece), hash => Convert.ToHexStringLower(hash.GetHashAndReset()));
            }
        }
    }

    /// <summary>All bytes, for small contents.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        Read(0, bytes);
        return bytes;
    }

    private string Walk<T>(T state, PieceReader<T> add, Func<T, string> finish)
    {
        var buffer = new byte[(int)Math.Min(Step, Math.Max(1, Length))];
        for (var at = 0L; at < Length; at += buffer.Length)
        {
            var piece = buffer.AsSpan(0, (int)Math.Min(buffer.Length, Length - at));
            Read(at, piece);
            add(state, piece);
        }
        return finish(state);
    }

    private delegate void PieceReader<in T>(T state, ReadOnlySpan<byte> piece);
}

/// <summary>Bytes from a seed: any part is made when it is asked for. Equal seeds and lengths give equal files.</summary>
public sealed class SeededFile(ulong seed, long length) : FileContent
{
    public override long Length => length;

    public override void Read(long offset, Span<byte> destination)
    {
        Span<byte> word = stackalloc byte[8];
        while (destination.Length > 0)
        {
            var within = (int)(offset % 8);
            if (within == 0 && destination.Length >= 8)
            {
                var whole = destination.Length / 8;
                for (var i = 0; i < whole; i++)
                    BinaryPrimitives.WriteUInt64LittleEndian(destination[(i * 8)..], Word((ulong)(offset / 8) + (ulong)i));
                destination = destination[(whole * 8)..];
                offset += whole * 8L;
                continue;
            }
            BinaryPrimitives.WriteUInt64LittleEndian(word, Word((ulong)(offset / 8)));
            var taken = Math.Min(8 - within, destination.Length);
            word.Slice(within, taken).CopyTo(destination);
            destination = destination[taken..];
            offset += taken;
        }
    }

    private ulong Word(ulong index) => new SeededRandom(seed + (index * 0x9E3779B97F4A7C15)).Next();
}

/// <summary>Bytes in memory.</summary>
public sealed class HeldFile(ReadOnlyMemory<byte> bytes) : FileContent
{
    public override long Length => bytes.Length;

    public override void Read(long offset, Span<byte> destination) => bytes.Span.Slice((int)offset, destination.Length).CopyTo(destination);
}

/// <summary>A file of real material, read where it lies.</summary>
public sealed class DiskFile(string path) : FileContent
{
    public override long Length { get; } = new FileInfo(path).Length;

    public override void Read(long offset, Span<byte> destination)
    {
        using var handle = File.OpenHandle(path);
        ReadFully(handle, offset, destination);
    }

    internal static void ReadFully(Microsoft.Win32.SafeHandles.SafeFileHandle handle, long offset, Span<byte> destination)
    {
        while (destination.Length > 0)
        {
            var read = RandomAccess.Read(handle, destination, offset);
            if (read == 0)
                throw new EndOfStreamException("A simulated file is shorter than it was.");
            destination = destination[read..];
            offset += read;
        }
    }
}

/// <summary>What a client uploaded, in a file without a name: a restore of many gigabytes is not held in memory.</summary>
internal sealed class UploadedContent : FileContent
{
    private readonly Microsoft.Win32.SafeHandles.SafeFileHandle _handle;
    private long _length;

    public UploadedContent()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        _handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete);
        File.Delete(path);
    }

    public override long Length => Interlocked.Read(ref _length);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(_handle, bytes, _length);
        Interlocked.Add(ref _length, bytes.Length);
    }

    public override void Read(long offset, Span<byte> destination) => DiskFile.ReadFully(_handle, offset, destination);
}

/// <summary>An Office, PDF or HTML file after the service wrote its own properties into it: longer than what was sent.</summary>
internal sealed class EnrichedFile(FileContent sent) : FileContent
{
    private static readonly byte[] Added = "<!-- properties of the library -->"u8.ToArray();

    public override long Length => sent.Length + Added.Length;

    public override void Read(long offset, Span<byte> destination)
    {
        var own = (int)Math.Clamp(sent.Length - offset, 0, destination.Length);
        if (own > 0)
            sent.Read(offset, destination[..own]);
        if (own < destination.Length)
            Added.AsSpan((int)(offset + own - sent.Length), destination.Length - own).CopyTo(destination[own..]);
    }
}
