using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Tests.Given;

/// <summary>A process that can be put to sleep at one of its store calls, reads included, and goes on later with what it knew.</summary>
internal sealed class StoppableBlobStore(IBlobStore inner, int sleepAt) : IBlobStore
{
    private readonly TaskCompletionSource _asleep = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _awake = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls;

    /// <summary>Ends when the process sleeps.</summary>
    public Task Asleep => _asleep.Task;

    public int Calls => _calls;

    public void Wake() => _awake.TrySetResult();

    public Task<bool> PutIfAbsentAsync(BlobName name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => AfterAsync(() => inner.PutIfAbsentAsync(name, bytes, cancellation));

    public Task<ReadOnlyMemory<byte>?> GetAsync(BlobName name, CancellationToken cancellation) => AfterAsync(() => inner.GetAsync(name, cancellation));

    public Task<ReadOnlyMemory<byte>?> GetRangeAsync(BlobName name, long offset, int length, CancellationToken cancellation) =>
        AfterAsync(() => inner.GetRangeAsync(name, offset, length, cancellation));

    public Task<long?> GetLengthAsync(BlobName name, CancellationToken cancellation) => AfterAsync(() => inner.GetLengthAsync(name, cancellation));

    public Task<bool> DeleteAsync(BlobName name, CancellationToken cancellation) => AfterAsync(() => inner.DeleteAsync(name, cancellation));

    public async IAsyncEnumerable<BlobName> ListAsync(string prefix, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await AfterAsync(() => Task.FromResult(true));
        await foreach (var name in inner.ListAsync(prefix, cancellation))
            yield return name;
    }

    private async Task<T> AfterAsync<T>(Func<Task<T>> call)
    {
        if (Interlocked.Increment(ref _calls) - 1 == sleepAt)
        {
            _asleep.TrySetResult();
            await _awake.Task;
        }
        return await call();
    }
}
