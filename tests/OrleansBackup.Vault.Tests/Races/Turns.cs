using System.Runtime.CompilerServices;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Tests.Races;

/// <summary>Lets one of several writers at a time call the store, and passes the turn as a plan says: the interleaving is the plan's, not the machine's.</summary>
/// <param name="plan">For how many calls the next turn lasts; -1: until its holder ends.</param>
internal sealed class Turns(int writers, Func<int> plan)
{
    private readonly Lock _lock = new();
    private readonly List<(int Writer, TaskCompletionSource Go)> _waiting = [];
    private readonly HashSet<int> _living = [.. Enumerable.Range(0, writers)];
    private int _holder;
    private int _left = plan();

    public IBlobStore Of(int writer, IBlobStore store) => new TurnStore(this, writer, store);

    /// <summary>Call when a writer is through, whatever way it ended.</summary>
    public void End(int writer)
    {
        lock (_lock)
        {
            _living.Remove(writer);
            if (_holder == writer)
                Pass();
        }
    }

    private Task EnterAsync(int writer)
    {
        lock (_lock)
        {
            if (!_living.Contains(writer))
                return Task.CompletedTask; // work under way that a writer left behind
            if (_holder == writer && _left == 0)
                Pass();
            if (_holder == writer)
            {
                _left--;
                return Task.CompletedTask;
            }
            var wait = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((writer, wait));
            return wait.Task;
        }
    }

    private void Pass()
    {
        if (_living.Count == 0)
        {
            _waiting.ForEach(w => w.Go.SetResult());
            _waiting.Clear();
            return;
        }
        _holder = _living.Where(w => w > _holder).DefaultIfEmpty(_living.Min()).Min();
        _left = plan();
        foreach (var (writer, go) in _waiting.Where(w => w.Writer == _holder || !_living.Contains(w.Writer)).ToArray())
        {
            _left -= _left > 0 ? 1 : 0;
            _waiting.Remove((writer, go));
            go.SetResult();
        }
    }

    private sealed class TurnStore(Turns turns, int writer, IBlobStore inner) : IBlobStore
    {
        public async Task<bool> PutIfAbsentAsync(BlobName name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
        {
            await turns.EnterAsync(writer);
            return await inner.PutIfAbsentAsync(name, bytes, cancellation);
        }

        public async Task<ReadOnlyMemory<byte>?> GetAsync(BlobName name, CancellationToken cancellation)
        {
            await turns.EnterAsync(writer);
            return await inner.GetAsync(name, cancellation);
        }

        public async Task<ReadOnlyMemory<byte>?> GetRangeAsync(BlobName name, long offset, int length, CancellationToken cancellation)
        {
            await turns.EnterAsync(writer);
            return await inner.GetRangeAsync(name, offset, length, cancellation);
        }

        public async Task<long?> GetLengthAsync(BlobName name, CancellationToken cancellation)
        {
            await turns.EnterAsync(writer);
            return await inner.GetLengthAsync(name, cancellation);
        }

        public async Task<bool> DeleteAsync(BlobName name, CancellationToken cancellation)
        {
            await turns.EnterAsync(writer);
            return await inner.DeleteAsync(name, cancellation);
        }

        public async IAsyncEnumerable<BlobName> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
        {
            await turns.EnterAsync(writer);
            await foreach (var name in inner.ListAsync(prefix, cancellation))
                yield return name;
        }
    }
}
