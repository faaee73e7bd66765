using System.Collections.Immutable;
using OrleansBackup.Vault.Format;

namespace OrleansBackup.Vault.Sweep;

/// <summary>A name under which a chunk is, was, or may be stored: its hash, and which edition of it.</summary>
/// <param name="Edition">0: under its own name; from 1: written again because the name before was condemned.</param>
internal readonly record struct ChunkName(Hash256 Hash, int Edition);

/// <summary>The names that one sweep condemned: absent for every writer as long as this list is there, whatever bytes may still be under them.</summary>
internal sealed record CondemnedChunks(DateTimeOffset At, ImmutableArray<ChunkName> Names)
{
    public byte[] Encode()
    {
        var writer = new FieldWriter(64 + Names.Length * 33);
        writer.Time(At);
        writer.Number(Names.Length);
        foreach (var (hash, edition) in Names)
        {
            hash.WriteTo(writer);
            writer.Number(edition);
        }
        return writer.ToArray();
    }

    /// <exception cref="InvalidDataException">Not such a list.</exception>
    public static CondemnedChunks Decode(ReadOnlySpan<byte> plain)
    {
        var reader = new FieldReader(plain);
        var at = reader.Time();
        var names = ImmutableArray.CreateBuilder<ChunkName>(reader.Count());
        for (var i = names.Capacity; i > 0; i--)
            names.Add(new(Hash256.Read(ref reader), reader.Int()));
        reader.End();
        return new(at, names.MoveToImmutable());
    }
}

/// <summary>Where each resource's log stood once a list of condemned names was durable.</summary>
/// <remarks>
/// What this is for: a writer may have looked at a name just before it was condemned, and commit it later. The commit it prepares is one
/// for a certain place in the log, so when the place after each of these heads is taken, all such commits have happened or never will;
/// every later one was prepared by a writer that could see the list.
/// </remarks>
internal sealed record SweepBarrier(DateTimeOffset At, ImmutableSortedDictionary<string, long> Heads)
{
    public byte[] Encode()
    {
        var writer = new FieldWriter(64 + Heads.Count * 64);
        writer.Time(At);
        writer.Number(Heads.Count);
        foreach (var (resource, head) in Heads)
        {
            writer.Text(resource);
            writer.Number(head);
        }
        return writer.ToArray();
    }

    /// <exception cref="InvalidDataException">Not a barrier.</exception>
    public static SweepBarrier Decode(ReadOnlySpan<byte> plain)
    {
        var reader = new FieldReader(plain);
        var at = reader.Time();
        var heads = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        for (var i = reader.Count(); i > 0; i--)
            heads[reader.Text()] = reader.Long();
        reader.End();
        return new(at, heads.ToImmutable());
    }
}
