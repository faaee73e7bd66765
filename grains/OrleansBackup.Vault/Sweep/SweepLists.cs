using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Log;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Sweep;

/// <summary>The lists of condemned names in the store, and what is known of each: its barrier, who deletes by it. FORMAT.md, "Sweeps".</summary>
/// <remarks>
/// A list is stored twice, so that one damaged object makes no name look alive again. A list's name is random and never used again. It goes
/// when everybody who claimed it says he has deleted all that he will: before that, a process that slept could still delete by it.
/// </remarks>
internal sealed class SweepLists(ObjectFiles files)
{
    private const byte Claimed = 0, Closed = 1;

    private readonly ConcurrentDictionary<string, CondemnedChunks> _read = new(StringComparer.Ordinal);

    private string Prefix => ResourceNames.SweepsOf(files.Keys.Tenant);

    /// <summary>The lists that exist now, oldest first.</summary>
    /// <exception cref="DamagedObjectException">A list and its copy are damaged: which names are alive cannot be said.</exception>
    public async Task<ImmutableArray<(string Id, CondemnedChunks List)>> LoadAsync(CancellationToken cancellation)
    {
        var ids = new SortedSet<string>(StringComparer.Ordinal);
        await foreach (var name in files.Store.ListAsync(Prefix, cancellation))
            if (name.Value[Prefix.Length..].Split('/') is [var id, "condemned" or "condemned-copy"])
                ids.Add(id);
        foreach (var gone in _read.Keys.Except(ids).ToArray())
            _read.TryRemove(gone, out _);
        var lists = ImmutableArray.CreateBuilder<(string, CondemnedChunks)>();
        foreach (var id in ids)
            if (await ReadAsync(id, cancellation) is { } list)
                lists.Add((id, list));
        return lists.ToImmutable();
    }

    /// <returns>Null: it is gone.</returns>
    public async Task<CondemnedChunks?> ReadAsync(string id, CancellationToken cancellation)
    {
        if (_read.TryGetValue(id, out var known))
            return known;
        var list = await ReadStoredAsync(id, cancellation);
        if (list is not null)
            _read[id] = list;
        return list;
    }

    /// <summary>Looks again, whatever was read before.</summary>
    public async Task<CondemnedChunks?> ReadStoredAsync(string id, CancellationToken cancellation)
    {
        DamagedObjectException? damage = null;
        foreach (var name in new[] { List(id), Copy(id) })
        {
            if (await files.Store.GetAsync(name, cancellation) is not { } stored)
                continue;
            try { return Decode(name, files.Open(name, ObjectKind.CondemnedChunks, stored.Span), CondemnedChunks.Decode); }
            catch (DamagedObjectException e) { damage ??= e; }
        }
        return damage is null ? null : throw damage;
    }

    /// <summary>From when this returns, every writer that looks takes these names for absent.</summary>
    /// <returns>The new list's id.</returns>
    public async Task<string> AddAsync(CondemnedChunks list, CancellationToken cancellation)
    {
        var id = $"{list.At.UtcTicks / TimeSpan.TicksPerSecond:d12}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}";
        var plain = list.Encode();
        foreach (var name in new[] { List(id), Copy(id) })
            await files.Store.PutIfAbsentAsync(name, files.Seal(name, ObjectKind.CondemnedChunks, plain), cancellation);
        return id;
    }

    /// <returns>Null: there is none, or it could not be read and was removed. One that is set later serves as well.</returns>
    public async Task<SweepBarrier?> BarrierOfAsync(string id, CancellationToken cancellation)
    {
        if (await files.Store.GetAsync(Barrier(id), cancellation) is not { } stored)
            return null;
        try { return Decode(Barrier(id), files.Open(Barrier(id), ObjectKind.SweepBarrier, stored.Span), SweepBarrier.Decode); }
        catch (DamagedObjectException)
        {
            await files.Store.TryDeleteAsync(Barrier(id), cancellation);
            return null;
        }
    }

    /// <summary>The first barrier counts; one that another process wrote after the same list serves as well.</summary>
    public Task SetBarrierAsync(string id, SweepBarrier barrier, CancellationToken cancellation) =>
        files.Store.PutIfAbsentAsync(Barrier(id), files.Seal(Barrier(id), ObjectKind.SweepBarrier, barrier.Encode()), cancellation);

    /// <summary>Takes part in deleting by this list. Read the list again afterwards: only from then on it cannot go.</summary>
    /// <returns>The claim's number; null: the list is closed or gone.</returns>
    public async Task<int?> ClaimAsync(string id, CancellationToken cancellation)
    {
        var (claims, _, closed) = await ClaimsAsync(id, cancellation);
        for (var number = claims + 1; !closed; number++)
        {
            if (await PutMarkAsync(Claim(id, number), Claimed, cancellation))
                return number;
            closed = await IsClosedAsync(id, number, cancellation);
        }
        return null;
    }

    public async Task<bool> WasNeverClaimedAsync(string id, CancellationToken cancellation) =>
        await ClaimsAsync(id, cancellation) is (0, 0, false);

    /// <summary>Says that the claimer will delete nothing more by this list.</summary>
    public Task DoneAsync(string id, int claim, CancellationToken cancellation) => PutMarkAsync(Done(id, claim), Claimed, cancellation);

    /// <summary>Takes the list away if all who claimed it are done; from then on its names may be used again.</summary>
    public async Task RemoveIfDoneAsync(string id, CancellationToken cancellation)
    {
        var (claims, done, closed) = await ClaimsAsync(id, cancellation);
        if (!closed && (claims != done || !await PutMarkAsync(Claim(id, claims + 1), Closed, cancellation)))
            return;
        // The list first: who claims from now on finds no list.
        await files.Store.TryDeleteAsync(List(id), cancellation);
        await files.Store.TryDeleteAsync(Copy(id), cancellation);
        var rest = new List<BlobName>();
        await foreach (var name in files.Store.ListAsync($"{Prefix}{id}/", cancellation))
            rest.Add(name);
        foreach (var name in rest.OrderByDescending(n => n.Value, StringComparer.Ordinal)) // "done" before "claim": a claim without its "done" would look open
            await files.Store.TryDeleteAsync(name, cancellation);
    }

    /// <summary>What removals that were cut short have left.</summary>
    public async Task RemoveLeftoversAsync(CancellationToken cancellation)
    {
        var (alive, all) = (new HashSet<string>(StringComparer.Ordinal), new List<(string Id, BlobName Name)>());
        await foreach (var name in files.Store.ListAsync(Prefix, cancellation))
            if (name.Value[Prefix.Length..].Split('/') is [var id, var file])
            {
                all.Add((id, name));
                if (file is "condemned" or "condemned-copy")
                    alive.Add(id);
            }
        foreach (var leftover in all.Where(one => !alive.Contains(one.Id)).GroupBy(one => one.Id))
            if (await ReadStoredAsync(leftover.Key, cancellation) is null) // a listing may miss what came meanwhile; a list is there before all else of it
                foreach (var (_, name) in leftover)
                    await files.Store.TryDeleteAsync(name, cancellation);
    }

    private async Task<(int Claims, int Done, bool Closed)> ClaimsAsync(string id, CancellationToken cancellation)
    {
        var (claims, done) = (0, 0);
        await foreach (var name in files.Store.ListAsync($"{Prefix}{id}/", cancellation))
            (claims, done) = name.Value[(Prefix.Length + id.Length + 1)..].Split('-') switch
            {
                ["claim", _] => (claims + 1, done),
                ["done", _] => (claims, done + 1),
                _ => (claims, done),
            };
        return claims > 0 && await IsClosedAsync(id, claims, cancellation) ? (claims - 1, done, true) : (claims, done, false);
    }

    private async Task<bool> IsClosedAsync(string id, int claim, CancellationToken cancellation)
    {
        var name = Claim(id, claim);
        return await files.Store.GetAsync(name, cancellation) is not { } stored || files.Open(name, ObjectKind.Mark, stored.Span) is [Closed];
    }

    private async Task<bool> PutMarkAsync(BlobName name, byte mark, CancellationToken cancellation)
    {
        var stored = files.Seal(name, ObjectKind.Mark, [mark]);
        // A store that tries again after a lost reply finds its own first try: equal bytes are ours, the salt in them is random.
        return await files.Store.PutIfAbsentAsync(name, stored, cancellation)
            || (await files.Store.GetAsync(name, cancellation) is { } there && there.Span.SequenceEqual(stored));
    }

    private BlobName List(string id) => new($"{Prefix}{id}/condemned");
    private BlobName Copy(string id) => new($"{Prefix}{id}/condemned-copy");
    private BlobName Barrier(string id) => new($"{Prefix}{id}/barrier");
    private BlobName Claim(string id, int number) => new($"{Prefix}{id}/claim-{number:d6}");
    private BlobName Done(string id, int number) => new($"{Prefix}{id}/done-{number:d6}");

    private delegate T Decoder<T>(ReadOnlySpan<byte> plain);

    private static T Decode<T>(BlobName name, byte[] plain, Decoder<T> decode)
    {
        try { return decode(plain); }
        catch (InvalidDataException e) { throw new DamagedObjectException(name, e.Message, e); }
    }
}
