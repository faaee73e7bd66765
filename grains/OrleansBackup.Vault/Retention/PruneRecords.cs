using System.Collections.Immutable;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Log;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Retention;

/// <summary>The prune records of a resource. Each is stored twice, because one that is lost would bring points back whose content is gone.</summary>
/// <param name="Readable">Oldest first.</param>
/// <param name="Damage">Every object that cannot be read; a check tells of it also where the other copy serves.</param>
/// <param name="Newest">The highest number that there is, readable or not; 0: none.</param>
/// <param name="HasCopy">Whether the newest record is there twice.</param>
internal sealed record PruneRecords(ImmutableArray<PruneRecord> Readable, ImmutableArray<DamagedObjectException> Damage, long Newest, bool HasCopy)
{
    /// <summary>Which points count is not known for certain: the newest record and its copy are damaged. Nothing may be pruned until somebody
    /// has looked; points that an older record lets count are shown, if a way leads to them: better one too many than none.</summary>
    public bool AreUncertain => Newest > 0 && (Readable is [] || Readable[^1].Number != Newest);

    public static async Task<PruneRecords> LoadAsync(ObjectFiles files, ResourceNames names, CancellationToken cancellation)
    {
        var (records, damage) = (new SortedDictionary<long, PruneRecord>(), ImmutableArray.CreateBuilder<DamagedObjectException>());
        var (newest, copies) = (0L, new HashSet<long>());
        await foreach (var name in files.Store.ListAsync(names.PrunePrefix, cancellation))
        {
            if (NumberOf(name, names) is not { } number)
                continue;
            if (await files.Store.GetAsync(name, cancellation) is not { } stored)
                continue; // a prune removed it just now
            newest = Math.Max(newest, number);
            if (name == names.PruneRecordCopy(number))
                copies.Add(number);
            try { records[number] = Decode(name, files.Open(name, ObjectKind.PruneRecord, stored.Span)); }
            catch (DamagedObjectException e) { damage.Add(e); }
        }
        return new([.. records.Values], damage.ToImmutable(), newest, copies.Contains(newest));
    }

    /// <summary>Whether a prune after a known one saw this segment or later ones. A record that cannot be read may have.</summary>
    public static async Task<bool> HavePassedAsync(ObjectFiles files, ResourceNames names, long sequence, long known, CancellationToken cancellation)
    {
        await foreach (var name in files.Store.ListAsync(names.PrunePrefix, cancellation))
        {
            if (NumberOf(name, names) is not { } number || number <= known || await files.Store.GetAsync(name, cancellation) is not { } stored)
                continue;
            try
            {
                if (Decode(name, files.Open(name, ObjectKind.PruneRecord, stored.Span)).Head >= sequence)
                    return true;
            }
            catch (DamagedObjectException) { return true; } // begun again, the run finds out where it stands
        }
        return false;
    }

    /// <summary>Creates the record and its copy. Whoever creates the record first decides.</summary>
    /// <returns>False: another prune was faster.</returns>
    public static async Task<bool> AddAsync(ObjectFiles files, ResourceNames names, PruneRecord record, CancellationToken cancellation)
    {
        var name = names.PruneRecord(record.Number);
        var stored = files.Seal(name, ObjectKind.PruneRecord, record.Encode());
        if (!await files.Store.PutIfAbsentAsync(name, stored, cancellation)
            && !(await files.Store.GetAsync(name, cancellation) is { } there && there.Span.SequenceEqual(stored)))
            return false;
        await CopyAsync(files, names, record, cancellation);
        return true;
    }

    public static async Task CopyAsync(ObjectFiles files, ResourceNames names, PruneRecord record, CancellationToken cancellation)
    {
        var copy = names.PruneRecordCopy(record.Number);
        await files.Store.PutIfAbsentAsync(copy, files.Seal(copy, ObjectKind.PruneRecord, record.Encode()), cancellation);
    }

    /// <summary>Takes a record away that has nothing left to say, with its copy.</summary>
    public static async Task RemoveAsync(ObjectFiles files, ResourceNames names, long number, CancellationToken cancellation)
    {
        await files.Store.TryDeleteAsync(names.PruneRecordCopy(number), cancellation);
        await files.Store.TryDeleteAsync(names.PruneRecord(number), cancellation);
    }

    private static long? NumberOf(BlobName name, ResourceNames names)
    {
        const string copy = "-copy";
        var text = name.Value.AsSpan(names.PrunePrefix.Length);
        return LogNumber.TryParse(text.EndsWith(copy, StringComparison.Ordinal) ? text[..^copy.Length] : text);
    }

    private static PruneRecord Decode(BlobName name, byte[] plain)
    {
        try { return PruneRecord.Decode(plain); }
        catch (InvalidDataException e) { throw new DamagedObjectException(name, e.Message, e); }
    }
}
