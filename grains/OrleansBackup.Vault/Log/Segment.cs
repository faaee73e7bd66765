using System.Collections.Immutable;
using OrleansBackup.Vault.Content;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Items;

namespace OrleansBackup.Vault.Log;

/// <summary>A pack that a segment made part of the repository, and its stored length.</summary>
internal readonly record struct StoredPack(PackName Name, long StoredBytes);

/// <summary>The durable unit that a run commits: what changed since the segment before, and how far the run had come.</summary>
/// <param name="Previous">The hash of the segment before, as stored; zero for the first. A replaced segment breaks the chain.</param>
/// <param name="NewPacks">Packs that became durable with this segment. Those that its items name and no other segment lists are among them.</param>
/// <param name="Sealed">The restore point, if this segment seals one.</param>
/// <param name="Changes">By id in ordinal order; a null version: the item is gone.</param>
internal sealed record Segment(
    long Sequence, Guid Run, DateTimeOffset StartedAt, DateTimeOffset WrittenAt, Hash256 Previous, string Checkpoint,
    Totals After, ImmutableArray<StoredPack> NewPacks, RestorePoint? Sealed, ImmutableArray<ItemChange> Changes)
{
    /// <summary>Nothing of what was before it is gone on with: nobody's run put it there, and it has no checkpoint.</summary>
    public bool IsBeginning => Run == Guid.Empty && Checkpoint.Length == 0;

    public byte[] Encode()
    {
        var writer = new FieldWriter(1024 + Changes.Length * 400);
        writer.Number(Sequence);
        writer.Fixed(Run.ToByteArray(bigEndian: true));
        writer.Time(StartedAt);
        writer.Time(WrittenAt);
        Previous.WriteTo(writer);
        writer.Text(Checkpoint);
        ItemEncoding.WriteCounts(writer, After.ItemsByKind);
        writer.Signed(After.LogicalBytes);
        writer.Number(NewPacks.Length);
        foreach (var pack in NewPacks)
        {
            pack.Name.WriteTo(writer);
            writer.Number(pack.StoredBytes);
        }
        writer.Flag(Sealed is not null);
        if (Sealed is not null)
            ItemEncoding.Write(writer, Sealed);
        writer.Number(Changes.Length);
        foreach (var change in Changes)
            change.WriteTo(writer);
        return writer.ToArray();
    }

    /// <exception cref="InvalidDataException">Not a segment.</exception>
    public static Segment Decode(ReadOnlySpan<byte> plain)
    {
        var reader = new FieldReader(plain);
        var (sequence, run) = (reader.Long(), new Guid(reader.Fixed(16), bigEndian: true));
        var (started, written, previous, checkpoint) = (reader.Time(), reader.Time(), Hash256.Read(ref reader), reader.Text());
        var after = new Totals(ItemEncoding.ReadCounts(ref reader), reader.Signed());
        var packs = ImmutableArray.CreateBuilder<StoredPack>(reader.Count());
        for (var i = packs.Capacity; i > 0; i--)
            packs.Add(new(PackName.Read(ref reader), reader.Long()));
        var point = reader.Flag() ? ItemEncoding.ReadPoint(ref reader) : null;
        var changes = ImmutableArray.CreateBuilder<ItemChange>(reader.Count());
        for (var i = changes.Capacity; i > 0; i--)
            changes.Add(ItemChange.Read(ref reader));
        reader.End();
        return new(sequence, run, started, written, previous, checkpoint, after, packs.MoveToImmutable(), point, changes.MoveToImmutable());
    }
}
