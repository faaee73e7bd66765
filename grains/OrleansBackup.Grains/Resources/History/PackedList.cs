using System.Collections;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Orleans;

namespace OrleansBackup.Grains.Resources.History;

/// <summary>A list that never changes and lies in memory as the bytes of its elements: what tens of thousands of active resources remember and seldom look at.</summary>
/// <remarks>
/// Sixty runs and their points are 30 KB as objects and 8 KB so. The bytes never leave the process: stored, the list is the plain array of its elements
/// (<see cref="PackedListConverter"/>), so neither the form of a stored state nor what a write costs depends on how it is packed.
/// </remarks>
[GenerateSerializer, Immutable, Alias("packed-list"), JsonConverter(typeof(PackedListConverter)), CollectionBuilder(typeof(PackedList), nameof(PackedList.Of))]
internal sealed class PackedList<T, TPacking> : IReadOnlyList<T>
    where TPacking : IPacking<T>
{
    [Id(0)]
    private readonly byte[] _bytes; // each element behind its length, so that one is found without reading those before it

    internal PackedList(byte[] bytes, int count) => (_bytes, Count) = (bytes, count);

    [Id(1)]
    public int Count { get; }

    public bool IsEmpty => Count == 0;

    /// <summary>Bytes that it takes.</summary>
    public int Size => _bytes.Length;

    public T this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            using var reader = new BinaryReader(new MemoryStream(_bytes, writable: false));
            for (var before = 0; before < index; before++)
            {
                var length = reader.Read7BitEncodedInt();
                reader.BaseStream.Position += length;
            }
            reader.Read7BitEncodedInt();
            return TPacking.Read(reader);
        }
    }

    /// <summary>This list with one more at its end; the others are not read for it.</summary>
    public PackedList<T, TPacking> Add(T element) => new([.. _bytes, .. PackedList.Of<T, TPacking>([element])._bytes], Count + 1);

    public IEnumerator<T> GetEnumerator()
    {
        using var reader = new BinaryReader(new MemoryStream(_bytes, writable: false));
        for (var at = 0; at < Count; at++)
        {
            reader.Read7BitEncodedInt();
            yield return TPacking.Read(reader);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>How one kind of element is written into a <see cref="PackedList{T, TPacking}"/> and read from it.</summary>
internal interface IPacking<T>
{
    static abstract void Write(BinaryWriter writer, T element);

    static abstract T Read(BinaryReader reader);
}

/// <summary>Makes packed lists.</summary>
internal static class PackedList
{
    public static PackedList<T, TPacking> Of<T, TPacking>(ReadOnlySpan<T> elements)
        where TPacking : IPacking<T>
    {
        using var all = new MemoryStream();
        using var one = new MemoryStream();
        using var writer = new BinaryWriter(all);
        using var packed = new BinaryWriter(one);
        foreach (var element in elements)
        {
            one.SetLength(0);
            TPacking.Write(packed, element);
            writer.Write7BitEncodedInt((int)one.Length);
            writer.Write(one.GetBuffer(), 0, (int)one.Length);
        }
        return new(all.ToArray(), elements.Length);
    }
}
