using Orleans.Configuration;

namespace Orleans.Runtime;

/// <summary>Sends activations away that nothing has used for their collection age.</summary>
/// <remarks>One look over all of them per quantum. The clock is armed again after each look, so a clock that jumps days ahead causes one look.</remarks>
internal sealed class IdleCollector : IDisposable
{
    private readonly SiloRuntime _runtime;
    private readonly TimeSpan _quantum;
    private readonly ITimer _clock;

    internal IdleCollector(SiloRuntime runtime, GrainCollectionOptions options)
    {
        _runtime = runtime;
        _quantum = options.CollectionQuantum;
        _clock = runtime.Time.CreateTimer(static self => ((IdleCollector)self!).Look(), this, _quantum, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _clock.Dispose();

    internal void Collect(TimeSpan? age)
    {
        var now = _runtime.Time.GetTimestamp();
        foreach (var activation in _runtime.Directory.All)
            activation.CollectIfIdle(now, age ?? activation.Class.CollectionAge);
    }

    private void Look()
    {
        Collect(age: null);
        _clock.Change(_quantum, Timeout.InfiniteTimeSpan);
    }
}
