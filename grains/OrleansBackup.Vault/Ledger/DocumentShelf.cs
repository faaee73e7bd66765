using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Log;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Ledger;

/// <summary>The editions of one document: objects that are never changed, of which the highest that can be read counts. FORMAT.md, "Ledger".</summary>
internal sealed class DocumentShelf(ObjectFiles files, string tenant, DocumentName document)
{
    /// <summary>So many editions of a document that is replaced stay; one that never changes is stored so often less one.</summary>
    private const int Kept = 3, Copies = 2;

    private string Prefix => $"{ResourceNames.LedgerOf(tenant)}{document}/";

    /// <summary>Enters what never changes, twice, so that damage to one object loses nothing. Durable when this returns.</summary>
    /// <exception cref="DocumentTakenException">It is there with another text.</exception>
    public async Task EnterAsync(string text, DateTimeOffset now, CancellationToken cancellation)
    {
        var plain = Encode(text, now);
        for (var number = 1; number <= Copies; number++)
            if (!await files.Store.PutIfAbsentAsync(NameOf(number), files.Seal(NameOf(number), ObjectKind.Document, plain), cancellation)
                && (await ReadAsync(cancellation))?.Text != text)
                throw new DocumentTakenException(document);
    }

    /// <summary>Puts a new edition unless the newest says the same. Durable when this returns.</summary>
    public async Task ReplaceAsync(string text, DateTimeOffset now, CancellationToken cancellation)
    {
        var numbers = await NumbersAsync(cancellation);
        if (numbers.Count > 0 && await TryReadAsync(numbers.Max(), cancellation) is { } newest && newest.Text == text)
            return;
        var plain = Encode(text, now);
        for (var number = numbers.DefaultIfEmpty().Max() + 1; ; number++) // somebody else may be as fast: the later edition counts
        {
            var stored = files.Seal(NameOf(number), ObjectKind.Document, plain);
            if (await files.Store.PutIfAbsentAsync(NameOf(number), stored, cancellation)
                || (await files.Store.GetAsync(NameOf(number), cancellation) is { } own && own.Span.SequenceEqual(stored)))
                break;
        }
        foreach (var old in numbers.OrderDescending().Skip(Kept - 1))
            await files.Store.TryDeleteAsync(NameOf(old), cancellation);
    }

    /// <summary>Deletes every edition. Safe to repeat.</summary>
    /// <exception cref="ObjectRetainedException">The store may not delete one of them yet.</exception>
    public async Task DeleteAsync(CancellationToken cancellation)
    {
        foreach (var number in await NumbersAsync(cancellation))
            await files.Store.DeleteAsync(NameOf(number), cancellation);
    }

    /// <returns>The highest edition that can be read; null: there is none.</returns>
    /// <exception cref="DamagedObjectException">There are editions, and none can be read.</exception>
    public async Task<VaultDocument?> ReadAsync(CancellationToken cancellation)
    {
        DamagedObjectException? damage = null;
        foreach (var number in (await NumbersAsync(cancellation)).OrderDescending())
        {
            try
            {
                if (await ReadAsync(number, cancellation) is { } read)
                    return read with { IsNewest = damage is null };
            }
            catch (DamagedObjectException e) { damage ??= e; } // an older one may be whole, and says that it is not the newest
        }
        return damage is null ? null : throw damage;
    }

    /// <summary>Reads every edition.</summary>
    /// <returns>Those that are damaged.</returns>
    public async Task<List<DamagedObjectException>> CheckAsync(CancellationToken cancellation)
    {
        var damaged = new List<DamagedObjectException>();
        foreach (var number in await NumbersAsync(cancellation))
        {
            try { await ReadAsync(number, cancellation); }
            catch (DamagedObjectException e) { damaged.Add(e); }
        }
        return damaged;
    }

    private async Task<VaultDocument?> TryReadAsync(long number, CancellationToken cancellation)
    {
        try { return await ReadAsync(number, cancellation); }
        catch (DamagedObjectException) { return null; } // so it is put again
    }

    private async Task<VaultDocument?> ReadAsync(long number, CancellationToken cancellation)
    {
        if (await files.Store.GetAsync(NameOf(number), cancellation) is not { } stored)
            return null; // a newer edition is there by now
        try
        {
            var reader = new FieldReader(files.Open(NameOf(number), ObjectKind.Document, stored.Span));
            var read = new VaultDocument(document, reader.Time(), reader.Text(), IsNewest: true);
            reader.End();
            return read;
        }
        catch (InvalidDataException e) { throw new DamagedObjectException(NameOf(number), e.Message, e); }
    }

    private static byte[] Encode(string text, DateTimeOffset now)
    {
        var plain = new FieldWriter(64 + text.Length);
        plain.Time(now);
        plain.Text(text);
        return plain.ToArray();
    }

    private async Task<List<long>> NumbersAsync(CancellationToken cancellation)
    {
        var numbers = new List<long>();
        await foreach (var name in files.Store.ListAsync(Prefix, cancellation))
            if (LogNumber.TryParse(name.Value.AsSpan(Prefix.Length)) is { } number)
                numbers.Add(number);
        return numbers;
    }

    private BlobName NameOf(long number) => new($"{Prefix}{number:d10}");
}
