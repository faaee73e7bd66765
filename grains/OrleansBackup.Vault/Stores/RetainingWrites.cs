namespace OrleansBackup.Vault.Stores;

/// <summary>Gives every object that is written through it a time before which it cannot be deleted, and reads that back from the store.</summary>
/// <remarks>An object that existed already and is kept for less is extended. Everything else passes through.</remarks>
/// <param name="retainFor">Counted from the moment of each put.</param>
public sealed class RetainingWrites(IRetainingBlobStore inner, TimeSpan retainFor, TimeProvider time) : IBlobStore
{
    private readonly Lock _lock = new();
    private RetentionReadBack _readBack = RetentionReadBack.Nothing;

    /// <summary>What the store has said about the objects written so far.</summary>
    public RetentionReadBack ReadBack
    {
        get { lock (_lock) return _readBack; }
    }

    public async Task<bool> PutIfAbsentAsync(BlobName name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        var until = ObjectRetention.RoundUp(time.GetUtcNow() + retainFor);
        var created = await inner.PutIfAbsentAsync(name, bytes, until, cancellation);
        await ConfirmAsync(name, until, created, cancellation);
        return created;
    }

    public async Task<bool> PutIfAbsentAsync(BlobName name, Stream content, long length, CancellationToken cancellation)
    {
        var until = ObjectRetention.RoundUp(time.GetUtcNow() + retainFor);
        var created = await inner.PutIfAbsentAsync(name, content, length, cancellation);
        await ConfirmAsync(name, until, created: false, cancellation);
        return created;
    }

    /// <summary>Keeps an object that exists as long as one that is written now.</summary>
    /// <returns>Whether it had to be extended. False also if there is no object.</returns>
    /// <exception cref="RetentionNotKeptException">The store says that it keeps it for less.</exception>
    public Task<bool> KeepAsync(BlobName name, CancellationToken cancellation) => KeepAsync(name, TimeSpan.Zero, cancellation);

    /// <summary>Keeps an object as long as one that is written within <paramref name="ahead"/> from now; if that has to be asked for, for twice as
    /// long ahead, so that it is not asked for again every time.</summary>
    /// <inheritdoc cref="KeepAsync(BlobName, CancellationToken)"/>
    public async Task<bool> KeepAsync(BlobName name, TimeSpan ahead, CancellationToken cancellation)
    {
        var least = ObjectRetention.RoundUp(time.GetUtcNow() + retainFor + ahead);
        var found = await inner.GetRetentionAsync(name, cancellation);
        var isExtended = found?.Covers(least) == false && await inner.ExtendRetentionAsync(name, least + ahead, cancellation);
        if (isExtended)
            found = await inner.GetRetentionAsync(name, cancellation);
        Note(name, least, found);
        return isExtended;
    }

    public Task<ReadOnlyMemory<byte>?> GetAsync(BlobName name, CancellationToken cancellation) => inner.GetAsync(name, cancellation);

    public Task<ReadOnlyMemory<byte>?> GetRangeAsync(BlobName name, long offset, int length, CancellationToken cancellation) =>
        inner.GetRangeAsync(name, offset, length, cancellation);

    public Task<Stream?> OpenReadAsync(BlobName name, CancellationToken cancellation) => inner.OpenReadAsync(name, cancellation);

    public Task<long?> GetLengthAsync(BlobName name, CancellationToken cancellation) => inner.GetLengthAsync(name, cancellation);

    public IAsyncEnumerable<BlobName> ListAsync(string prefix, CancellationToken cancellation) => inner.ListAsync(prefix, cancellation);

    public IAsyncEnumerable<string> ListPartsAsync(string prefix, CancellationToken cancellation) => inner.ListPartsAsync(prefix, cancellation);

    public Task<bool> DeleteAsync(BlobName name, CancellationToken cancellation) => inner.DeleteAsync(name, cancellation);

    public Task<string?> ReportRegionAsync(CancellationToken cancellation) => inner.ReportRegionAsync(cancellation);

    private async Task ConfirmAsync(BlobName name, DateTimeOffset until, bool created, CancellationToken cancellation)
    {
        var found = await inner.GetRetentionAsync(name, cancellation);
        if (!created && found?.Covers(until) == false && await inner.ExtendRetentionAsync(name, until, cancellation))
            found = await inner.GetRetentionAsync(name, cancellation);
        Note(name, until, found);
    }

    private void Note(BlobName name, DateTimeOffset until, ObjectRetention? found)
    {
        if (found is null)
            return; // deleted by somebody in between: then there is nothing to keep, and whoever needs it finds it missing
        if (!found.Covers(until))
            throw new RetentionNotKeptException(name, until, found);
        lock (_lock)
            _readBack = _readBack.With(found);
    }
}

/// <summary>What a store said about the objects that were just written: so it is reported, not what was asked for.</summary>
/// <param name="Objects">How many were read back.</param>
/// <param name="EarliestEnd">The earliest time at which one of them can be deleted; null: none was written.</param>
/// <param name="Weakest">The weakest that keeps one of them.</param>
public sealed record RetentionReadBack(long Objects, DateTimeOffset? EarliestEnd, RetentionStrength Weakest)
{
    public static RetentionReadBack Nothing { get; } = new(0, null, RetentionStrength.ByStore);

    internal RetentionReadBack With(ObjectRetention found) =>
        new(Objects + 1, EarliestEnd < found.Until ? EarliestEnd : found.Until, found.Strength < Weakest ? found.Strength : Weakest);
}
