using System.Collections.Immutable;
using OrleansBackup.Vault.Format;
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
    /// <summary>How far the work came that is not done at each prune.</summary>
    public PruneProgress Progress { get; init; } = PruneProgress.None;

    public bool Allows(long point) => point > Head || Kept.BinarySearch(point) >= 0;

    public byte[] Encode()
    {
        var writer = new FieldWriter(1024);
        writer.Number(Number);
        writer.Time(At);
        writer.Number(Head);
        WriteAll(writer, Kept);
        writer.Number(Condemned.Length);
        foreach (var (name, bytes) in Condemned)
        {
            writer.Text(name.Value);
            writer.Number(bytes);
        }
        WriteAll(writer, Progress.Passed);
        writer.Number(Progress.Looked);
        writer.Time(Progress.MarkedAt);
        writer.Number(Progress.GoneSinceMark);
        return writer.ToArray();
    }

    /// <exception cref="InvalidDataException">Not a prune record.</exception>
    public static PruneRecord Decode(ReadOnlySpan<byte> plain)
    {
        var reader = new FieldReader(plain);
        var (number, at, head) = (reader.Long(), reader.Time(), reader.Long());
        var kept = ReadAll(ref reader);
        var condemned = ImmutableArray.CreateBuilder<CondemnedObject>(reader.Count());
        for (var i = condemned.Capacity; i > 0; i--)
            condemned.Add(new(new(reader.Text()), reader.Long()));
        var progress = PruneProgress.None;
        if (!reader.AtEnd) // the first releases ended here
            progress = new(ReadAll(ref reader), reader.Long(), reader.Time(), reader.Long());
        reader.End();
        return new(number, at, head, kept, condemned.MoveToImmutable()) { Progress = progress };
    }

    private static void WriteAll(FieldWriter writer, ImmutableArray<long> numbers)
    {
        writer.Number(numbers.Length);
        foreach (var number in numbers)
            writer.Number(number);
    }

    private static ImmutableArray<long> ReadAll(ref FieldReader reader)
    {
        var numbers = ImmutableArray.CreateBuilder<long>(reader.Count());
        for (var i = numbers.Capacity; i > 0; i--)
            numbers.Add(reader.Long());
        return numbers.MoveToImmutable();
    }
}

/// <summary>What earlier prunes left for later, because doing it each time would cost more than it gives.</summary>
/// <param name="Passed">Dropped points at which a layer in use ends, which may name what only they showed; ascending.</param>
/// <param name="Looked">Up to this segment packs that no segment lists were looked for.</param>
/// <param name="MarkedAt">When packs were last compared with what is named in them.</param>
/// <param name="GoneSinceMark">Segments and bases condemned since.</param>
internal sealed record PruneProgress(ImmutableArray<long> Passed, long Looked, DateTimeOffset MarkedAt, long GoneSinceMark)
{
    public static PruneProgress None { get; } = new([], 0, DateTimeOffset.MinValue, 0);
}

/// <summary>An object that is to go.</summary>
internal readonly record struct CondemnedObject(BlobName Name, long StoredBytes);
