using System.Runtime.CompilerServices;
using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests.Crashes;

/// <summary>What happens at one call of the store, reading calls included.</summary>
public enum Interruption
{
    /// <summary>The process dies before the call: nothing more happens.</summary>
    DiesBefore,

    /// <summary>The call happens, the process dies before the answer.</summary>
    DiesAfter,

    /// <summary>The call fails and nothing happened; the process lives on.</summary>
    Fails,

    /// <summary>The call happens and its answer is lost; the process lives on and believes that it failed.</summary>
    ReplyLost,

    /// <summary>From this call on no object can be written; the process lives on, reads and deletes.</summary>
    DiskFull,
}

/// <summary>Interrupts the n-th call to a store. Everything behind it is the real one.</summary>
internal sealed class InterruptedBlobStore(IBlobStore inner, int at, Interruption interruption) : IBlobStore
{
    private int _calls;

    public bool Played { get; private set; }

    public Task<bool> PutIfAbsentAsync(BlobName name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
        CallAsync(() => inner.PutIfAbsentAsync(name, bytes, cancellation), isWrite: true);

    public Task<ReadOnlyMemory<byte>?> GetAsync(BlobName name, CancellationToken cancellation) => CallAsync(() => inner.GetAsync(name, cancellation));

    public Task<ReadOnlyMemory<byte>?> GetRangeAsync(BlobName name, long offset, int length, CancellationToken cancellation) =>
        CallAsync(() => inner.GetRangeAsync(name, offset, length, cancellation));

    public Task<long?> GetLengthAsync(BlobName name, CancellationToken cancellation) => CallAsync(() => inner.GetLengthAsync(name, cancellation));

    public Task<bool> DeleteAsync(BlobName name, CancellationToken cancellation) => CallAsync(() => inner.DeleteAsync(name, cancellation));

    public async IAsyncEnumerable<BlobName> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var name in await CallAsync(async () => await inner.ListAsync(prefix, cancellation).ToListAsync(cancellation)))
            yield return name;
    }

    private async Task<T> CallAsync<T>(Func<Task<T>> call, bool isWrite = false)
    {
        var number = Interlocked.Increment(ref _calls) - 1;
        Played |= number >= at;
        if (number < at || (number > at && interruption is Interruption.Fails or Interruption.ReplyLost))
            return await call();
        if (interruption == Interruption.DiskFull)
            return isWrite ? throw new StoreFullException("test") : await call();
        if (number == at && interruption is Interruption.DiesAfter or Interruption.ReplyLost)
            await call();
        throw new StoppedException();
    }
}
