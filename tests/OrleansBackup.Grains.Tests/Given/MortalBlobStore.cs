using System.Runtime.CompilerServices;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Grains.Tests.Given;

/// <summary>A store as one process has it: after the process has died, nothing that it had begun goes on. A killed host of a test would otherwise go on writing
/// beside the next, which a killed process cannot.</summary>
internal sealed class MortalBlobStore(IBlobStore inner) : IBlobStore
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _quiet = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _underWay;
    private bool _dead;

    /// <summary>Ends when the last call that had begun has ended; later ones are never answered, since a dead process learns nothing it could still write down.</summary>
    public Task DieAsync()
    {
        lock (_lock)
        {
            _dead = true;
            if (_underWay == 0)
                _quiet.TrySetResult();
        }
        return _quiet.Task;
    }

    public Task<bool> PutIfAbsentAsync(BlobName name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
        AliveAsync(() => inner.PutIfAbsentAsync(name, bytes, cancellation), cancellation);

    public Task<ReadOnlyMemory<byte>?> GetAsync(BlobName name, CancellationToken cancellation) => AliveAsync(() => inner.GetAsync(name, cancellation), cancellation);

    public Task<ReadOnlyMemory<byte>?> GetRangeAsync(BlobName name, long offset, int length, CancellationToken cancellation) =>
        AliveAsync(() => inner.GetRangeAsync(name, offset, length, cancellation), cancellation);

    public Task<long?> GetLengthAsync(BlobName name, CancellationToken cancellation) => AliveAsync(() => inner.GetLengthAsync(name, cancellation), cancellation);

    public IAsyncEnumerable<BlobName> ListAsync(string prefix, CancellationToken cancellation) => WhileAliveAsync(inner.ListAsync(prefix, cancellation), cancellation);

    public IAsyncEnumerable<string> ListPartsAsync(string prefix, CancellationToken cancellation) => WhileAliveAsync(inner.ListPartsAsync(prefix, cancellation), cancellation);

    public Task<bool> DeleteAsync(BlobName name, CancellationToken cancellation) => AliveAsync(() => inner.DeleteAsync(name, cancellation), cancellation);

    private async Task<T> AliveAsync<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        if (!Begins())
            return await new TaskCompletionSource<T>().Task.WaitAsync(cancellation);
        try
        {
            return await call();
        }
        finally
        {
            lock (_lock)
                if (--_underWay == 0 && _dead)
                    _quiet.TrySetResult();
        }
    }

    private async IAsyncEnumerable<T> WhileAliveAsync<T>(IAsyncEnumerable<T> names, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var each = names.GetAsyncEnumerator(cancellation);
        while (await AliveAsync(async () => await each.MoveNextAsync(), cancellation))
            yield return each.Current;
    }

    private bool Begins()
    {
        lock (_lock)
        {
            _underWay += _dead ? 0 : 1;
            return !_dead;
        }
    }
}
