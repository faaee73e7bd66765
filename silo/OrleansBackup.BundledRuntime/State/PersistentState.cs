using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>Stands between a grain and its storage provider. One operation at a time per state, in the order they were asked for.</summary>
internal sealed class PersistentState<TState>(Activation activation, string stateName, IGrainStorage storage)
    : IPersistentState<TState>, IActivationState
{
    private static readonly Func<TState> Empty = Creator();
    private readonly GrainState<TState> _record = new(Empty());
    private Task _last = Task.CompletedTask;

    /// <exception cref="InvalidOperationException">Read or set outside the grain's turns: in a cluster it would be refused too.</exception>
    public TState State
    {
        get
        {
            EnsureInTurn();
            return _record.State!;
        }
        set
        {
            EnsureInTurn();
            _record.State = value;
        }
    }

    public string? Etag => _record.ETag;
    public bool RecordExists => _record.RecordExists;

    public Task ReadStateAsync() => ReadStateAsync(CancellationToken.None);
    public Task WriteStateAsync() => WriteStateAsync(CancellationToken.None);
    public Task ClearStateAsync() => ClearStateAsync(CancellationToken.None);

    public Task ReadStateAsync(CancellationToken cancellationToken) => InOrder(ReadAsync, cancellationToken);

    public Task WriteStateAsync(CancellationToken cancellationToken) =>
        InOrder(() => storage.WriteStateAsync(stateName, activation.GrainId, _record), cancellationToken);

    public Task ClearStateAsync(CancellationToken cancellationToken) => InOrder(ClearAsync, cancellationToken);

    public Task LoadAsync(CancellationToken cancellation) => ReadStateAsync(cancellation);

    private void EnsureInTurn()
    {
        if (Activation.Current != activation)
            throw new InvalidOperationException($"State '{stateName}' of {activation.GrainId} was used outside the grain's turns. Code that runs beside them must come back to one first.");
    }

    private static Func<TState> Creator()
    {
        if (typeof(TState).IsValueType || typeof(TState) == typeof(string) || typeof(TState).IsArray)
            return static () => default!;
        return typeof(TState).GetConstructor([]) is { } constructor
            ? Expression.Lambda<Func<TState>>(Expression.New(constructor)).Compile()
            : static () => (TState)RuntimeHelpers.GetUninitializedObject(typeof(TState));
    }

    private async Task ReadAsync()
    {
        await storage.ReadStateAsync(stateName, activation.GrainId, _record);
        if (_record.State is null || !_record.RecordExists)
            _record.State = Empty();
    }

    private async Task ClearAsync()
    {
        await storage.ClearStateAsync(stateName, activation.GrainId, _record);
        if (!_record.RecordExists)
            _record.State = Empty();
    }

    private async Task InOrder(Func<Task> operation, CancellationToken cancellation)
    {
        var before = _last;
        var done = new TaskCompletionSource();
        _last = done.Task;
        try
        {
            await before;
            cancellation.ThrowIfCancellationRequested();
            await operation();
        }
        catch (InconsistentStateException exception)
        {
            exception.ComesFrom(activation);
            throw;
        }
        finally
        {
            done.SetResult();
        }
    }
}
