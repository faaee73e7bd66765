using System.Runtime.CompilerServices;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Tests.Given;

/// <summary>A store far away: each call waits until the test lets it through, and refuses now and then for want of capacity.</summary>
/// <remarks>No clock: a call gives its turn away as often as <paramref name="turns"/> says, so that calls overtake each other as they do
/// on a slow network, the same way in every run.</remarks>
/// <param name="everyNth">Each n-th changing call is refused as throttled before anything happens; 0: none.</param>
internal sealed class SlowBlobStore(IBlobStore inner, int turns, int everyNth = 0) : IBlobStore
{
    private int _changes, _underWay, _mostUnderWay;

    public int MostUnderWay => _mostUnderWay;

    public Task<bool> PutIfAbsentAsync(BlobName name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
        LaterAsync(() => inner.PutIfAbsentAsync(name, bytes, cancellation), changes: true);

    public Task<bool> DeleteAsync(BlobName name, CancellationToken cancellation) => LaterAsync(() => inner.DeleteAsync(name, cancellation), changes: true);

    public Task<ReadOnlyMemory<byte>?> GetAsync(BlobName name, CancellationToken cancellation) => LaterAsync(() => inner.GetAsync(name, cancellation), changes: false);

    public Task<ReadOnlyMemory<byte>?> GetRangeAsync(BlobName name, long offset, int length, CancellationToken cancellation) =>
        LaterAsync(() => inner.GetRangeAsync(name, offset, length, cancellation), changes: false);

    public Task<long?> GetLengthAsync(BlobName name, CancellationToken cancellation) => LaterAsync(() => inner.GetLengthAsync(name, cancellation), changes: false);

    public async IAsyncEnumerable<BlobName> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var name in inner.ListAsync(prefix, cancellation))
        {
            await Task.Yield();
            yield return name;
        }
    }

    private async Task<T> LaterAsync<T>(Func<Task<T>> call, bool changes)
    {
        var now = Interlocked.Increment(ref _underWay);
        for (var most = _mostUnderWay; now > most; most = _mostUnderWay)
            Interlocked.CompareExchange(ref _mostUnderWay, now, most);
        try
        {
            for (var i = 0; i < turns; i++)
                await Task.Yield();
            if (changes && everyNth > 0 && Interlocked.Increment(ref _changes) % everyNth == 0)
                throw new StoreThrottledException("test");
            return await call();
        }
        finally { Interlocked.Decrement(ref _underWay); }
    }
}
