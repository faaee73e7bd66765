using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OrleansBackup.Vault.Items;

/// <summary>Brings the places of contents into the order of their keys, in bounded memory: a mailbox of a million items has millions of them.</summary>
/// <remarks>Sorted runs go to a file that nobody else sees and that is gone with this object; they are merged when they are read. It holds keyed
/// hashes and positions, nothing that says anything without the tenant's key. Few places never leave memory. Used beside the scheduler only.</remarks>
internal sealed class ContentPlaceSorter : IDisposable
{
    private const int InMemory = 64 << 10;
    private const int ReadAtOnce = 256;
    private static readonly long PlaceBytes = Unsafe.SizeOf<ContentPlace>();

    private readonly List<(long From, int Count)> _runs = [];
    private ContentPlace[] _places = new ContentPlace[1024];
    private int _count;
    private FileStream? _file;
    private long _length;

    public long Count { get; private set; }

    public void Add(ContentPlace place)
    {
        if (_count == InMemory)
            EndRun();
        if (_count == _places.Length)
            Array.Resize(ref _places, Math.Min(InMemory, 4 * _places.Length));
        _places[_count++] = place;
        Count++;
    }

    /// <summary>All of them, by key; equal keys in no promised order. Once, after the last was added.</summary>
    public IEnumerable<ContentPlace> Sorted()
    {
        Array.Sort(_places, 0, _count);
        if (_file is null)
            return _places.Take(_count);
        EndRun();
        return Merged();
    }

    public void Dispose() => _file?.Dispose();

    private void EndRun()
    {
        Array.Sort(_places, 0, _count);
        _file ??= CreateFile();
        _runs.Add((_length, _count));
        RandomAccess.Write(_file.SafeFileHandle, MemoryMarshal.AsBytes(_places.AsSpan(0, _count)), _length);
        _length += _count * PlaceBytes;
        _count = 0;
    }

    private static FileStream CreateFile()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Delete, BufferSize = 0 });
        File.Delete(path); // without a name while open, so that even a killed process leaves nothing behind
        return file;
    }

    private IEnumerable<ContentPlace> Merged()
    {
        var heads = new PriorityQueue<IEnumerator<ContentPlace>, ContentPlace>();
        foreach (var (from, count) in _runs)
            Advance(heads, Read(from, count).GetEnumerator());
        while (heads.TryDequeue(out var run, out var place))
        {
            yield return place;
            Advance(heads, run);
        }
    }

    private static void Advance(PriorityQueue<IEnumerator<ContentPlace>, ContentPlace> heads, IEnumerator<ContentPlace> run)
    {
        if (run.MoveNext())
            heads.Enqueue(run, run.Current);
    }

    private IEnumerable<ContentPlace> Read(long from, int count)
    {
        var places = new ContentPlace[Math.Min(count, ReadAtOnce)];
        while (count > 0)
        {
            var some = Math.Min(count, places.Length);
            ReadExactly(MemoryMarshal.AsBytes(places.AsSpan(0, some)), from);
            for (var i = 0; i < some; i++)
                yield return places[i];
            from += some * PlaceBytes;
            count -= some;
        }
    }

    private void ReadExactly(Span<byte> bytes, long from)
    {
        while (!bytes.IsEmpty)
        {
            var read = RandomAccess.Read(_file!.SafeFileHandle, bytes, from);
            if (read == 0)
                throw new IOException("The temporary file of a base is shorter than what was written to it.");
            bytes = bytes[read..];
            from += read;
        }
    }
}
