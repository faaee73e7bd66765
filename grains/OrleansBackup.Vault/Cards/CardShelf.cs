using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Log;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Cards;

/// <summary>The cards of one tenant or one resource: each an object of its own, the one with the highest number counts. FORMAT.md, "Cards".</summary>
/// <remarks>A card is never changed, so a crash while one is put leaves the one before. A few older ones stay, for when the newest is damaged.</remarks>
/// <param name="prefix">What the names of these cards begin with.</param>
internal sealed class CardShelf(ObjectFiles files, string prefix)
{
    private const int Kept = 3;

    /// <summary>Puts a card unless the newest says the same. Durable when this returns.</summary>
    public async Task PutAsync(string text, DateTimeOffset now, CancellationToken cancellation)
    {
        if (await ReadAsync(cancellation) is { IsNewest: true } there && there.Text == text)
            return;
        var plain = new FieldWriter(64 + text.Length);
        plain.Time(now);
        plain.Text(text);
        var numbers = await NumbersAsync(cancellation);
        for (var number = numbers.DefaultIfEmpty().Max() + 1; ; number++) // somebody else may be as fast: the later card counts
        {
            var stored = files.Seal(NameOf(number), ObjectKind.Card, plain.Written);
            if (await files.Store.PutIfAbsentAsync(NameOf(number), stored, cancellation)
                || (await files.Store.GetAsync(NameOf(number), cancellation) is { } own && own.Span.SequenceEqual(stored)))
                break;
        }
        foreach (var old in numbers.OrderDescending().Skip(Kept - 1))
            await files.Store.TryDeleteAsync(NameOf(old), cancellation);
    }

    /// <returns>The newest card that can be read; null: there is none.</returns>
    /// <exception cref="DamagedObjectException">There are cards, and none can be read.</exception>
    public async Task<VaultCard?> ReadAsync(CancellationToken cancellation)
    {
        DamagedObjectException? damage = null;
        foreach (var number in (await NumbersAsync(cancellation)).OrderDescending())
        {
            if (await files.Store.GetAsync(NameOf(number), cancellation) is not { } stored)
                continue; // a newer card is there by now
            try { return Decode(number, stored.Span) with { IsNewest = damage is null }; }
            catch (DamagedObjectException e) { damage ??= e; } // an older one may be whole, and says that it is not the newest
        }
        return damage is null ? null : throw damage;
    }

    /// <exception cref="DamagedObjectException">Missing or damaged.</exception>
    public async Task<VaultCard> ReadAsync(long number, CancellationToken cancellation) =>
        Decode(number, (await files.Store.GetAsync(NameOf(number), cancellation) ?? throw DamagedObjectException.Missing(NameOf(number))).Span);

    private VaultCard Decode(long number, ReadOnlySpan<byte> stored)
    {
        try
        {
            var reader = new FieldReader(files.Open(NameOf(number), ObjectKind.Card, stored));
            var card = new VaultCard(number, reader.Time(), reader.Text(), IsNewest: true);
            reader.End();
            return card;
        }
        catch (InvalidDataException e) { throw new DamagedObjectException(NameOf(number), e.Message, e); }
    }

    private async Task<List<long>> NumbersAsync(CancellationToken cancellation)
    {
        var numbers = new List<long>();
        await foreach (var name in files.Store.ListAsync(prefix, cancellation))
            if (LogNumber.TryParse(name.Value.AsSpan(prefix.Length)) is { } number)
                numbers.Add(number);
        return numbers;
    }

    private BlobName NameOf(long number) => new($"{prefix}{number:d10}");
}
