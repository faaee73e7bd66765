using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Tests.Given;

/// <summary>What goes wrong at one call.</summary>
internal enum Fault
{
    /// <summary>The process ended before the call: nothing happened, and nothing more will.</summary>
    Stopped,

    /// <summary>The call happened, the process ended before it saw the answer.</summary>
    StoppedAfter,

    /// <summary>The store has no room: nothing happened; later calls meet the same.</summary>
    Full,

    /// <summary>A store that tries again by itself lost the first answer: the object is there, the second try says so.</summary>
    AnsweredTwice,
}

/// <summary>Plays one fault at the n-th changing call in front of a store. Everything behind it is the real one.</summary>
internal sealed class FaultyBlobStore(IBlobStore inner, int faultAt, Fault fault) : IBlobStore
{
    private int _changes;

    /// <summary>Changing calls so far, that with the fault included.</summary>
    public int Changes => _changes;

    public bool Played => _changes > faultAt;

    private bool IsStop => fault is Fault.Stopped or Fault.StoppedAfter;

    public async Task<bool> PutIfAbsentAsync(BlobName name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        var isFault = Next();
        if (isFault && fault == Fault.Full)
            throw new StoreFullException("test");
        if (isFault && fault == Fault.Stopped)
            throw new StoppedException();
        var created = await inner.PutIfAbsentAsync(name, bytes, cancellation);
        if (isFault && fault == Fault.StoppedAfter)
            throw new StoppedException();
        return created && !(isFault && fault == Fault.AnsweredTwice);
    }

    public async Task<bool> DeleteAsync(BlobName name, CancellationToken cancellation)
    {
        var isFault = Next();
        if (isFault && fault == Fault.Stopped)
            throw new StoppedException();
        var deleted = await inner.DeleteAsync(name, cancellation);
        return isFault && fault == Fault.StoppedAfter ? throw new StoppedException() : deleted;
    }

    public Task<ReadOnlyMemory<byte>?> GetAsync(BlobName name, CancellationToken cancellation) => Unless(() => inner.GetAsync(name, cancellation));

    public Task<ReadOnlyMemory<byte>?> GetRangeAsync(BlobName name, long offset, int length, CancellationToken cancellation) =>
        Unless(() => inner.GetRangeAsync(name, offset, length, cancellation));

    public Task<long?> GetLengthAsync(BlobName name, CancellationToken cancellation) => Unless(() => inner.GetLengthAsync(name, cancellation));

    public IAsyncEnumerable<BlobName> ListAsync(string prefix, CancellationToken cancellation) => inner.ListAsync(prefix, cancellation);

    /// <summary>Counts the call and says whether the fault meets it: a full store stays full, a stopped process does nothing more.</summary>
    private bool Next()
    {
        var call = Interlocked.Increment(ref _changes) - 1;
        if (call > faultAt && IsStop)
            throw new StoppedException();
        return call == faultAt || (call > faultAt && fault == Fault.Full);
    }

    private Task<T> Unless<T>(Func<Task<T>> call) =>
        Played && IsStop ? throw new StoppedException() : call();
}

/// <summary>The process ended here, as far as the code under test can tell.</summary>
internal sealed class StoppedException() : Exception("stopped by the test");
