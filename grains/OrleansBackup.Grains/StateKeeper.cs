using Orleans.Runtime;

namespace OrleansBackup.Grains;

/// <summary>Lets one activation change its state from several stories at once, one write at a time.</summary>
/// <remarks>
/// A run goes on between a grain's turns, so its end and a call can want to write in the same moment. Two writes with one etag would make
/// the second fail as if another activation had written. A change that cannot be written is taken back in memory as well.
/// </remarks>
internal sealed class StateKeeper<TState>(IPersistentState<TState> storage) : IDisposable
    where TState : class
{
    private readonly SemaphoreSlim _turn = new(1);

    public TState State => storage.State;

    /// <summary>False: nothing was ever written under this key.</summary>
    public bool Exists => storage.RecordExists;

    /// <summary>Applies and writes. When this returns the change is durable.</summary>
    /// <exception cref="InconsistentStateException">Another activation owns this state now; this one must go.</exception>
    public async Task ChangeAsync(Func<TState, TState> change)
    {
        await _turn.WaitAsync();
        var before = storage.State;
        try
        {
            storage.State = change(before);
            await storage.WriteStateAsync();
        }
        catch
        {
            storage.State = before;
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Leaves nothing stored under this key. The state is a new one then.</summary>
    public async Task ClearAsync()
    {
        await _turn.WaitAsync();
        try
        {
            if (storage.RecordExists)
                await storage.ClearStateAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
