using System.Collections.Immutable;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Items;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Retention;

/// <summary>What one prune decided: which points still count, and which objects go once the grace period has passed.</summary>
/// <remarks>The newest record stays: a point at or before <see cref="Head"/> exists only if it is in <see cref="Kept"/>, whatever objects a
/// slow writer may still add.</remarks>
/// <param name="Head">The newest segment that the prune saw.</param>
/// <param name="Kept">The restore points that stay, in order.</param>
/// <param name="Condemned">Objects to delete, with their length.</param>
internal sealed record PruneRecord(long Number, DateTimeOffset At, long Head, ImmutableArray<long> Kept, ImmutableArray<CondemnedObject> Condemned)
{
    public bool Allows(long point) => point > Head || Kept.BinarySearch(point) >= 0;

    public byte[] Encode()
    {
        var writer = new FieldWriter(1024);
        writer.Number(Number);
        writer.Time(At);
        writer.Number(Head);
        writer.Number(Kept.Length);
        foreach (var point in Kept)
            writer.Number(point);
        writer.Number(Condemned.Length);
        foreach (var (name, bytes) in Condemned)
        {
            writer.Text(name.Value);
            writer.Number(bytes);
        }
        return writer.ToArray();
    }

    /// <exception cref="InvalidDataException">Not a prune record.</exception>
    public static PruneRecord Decode(ReadOnlySpan<byte> plain)
    {
        var reader = new FieldReader(plain);
        var (number, at, head) = (reader.Long(), reader.Time(), reader.Long());
        var kept = ImmutableArray.CreateBuilder<long>(reader.Count());
        for (var i = kept.Capacity; i > 0; i--)
            kept.Add(reader.Long());
        var condemned = ImmutableArray.CreateBuilder<CondemnedObject>(reader.Count());
        for (var i = condemned.Capacity; i > 0; i--)
            condemned.Add(new(new(reader.Text()), reader.Long()));
        reader.End();
        return new(number, at, head, kept.MoveToImmutable(), condemned.MoveToImmutable());
    }
}

/// <summary>An object that is to go.</summary>
internal readonly record struct CondemnedObject(BlobName Name, long StoredBytes);
