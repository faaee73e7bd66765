using System.Collections.Concurrent;

namespace Orleans.Runtime;

/// <summary>Where each grain lives: one activation per id, or a group of them for stateless workers.</summary>
internal sealed class ActivationDirectory(SiloRuntime runtime)
{
    private readonly ConcurrentDictionary<GrainId, Activation> _activations = new();
    private readonly ConcurrentDictionary<GrainId, WorkerGroup> _groups = new();

    internal bool IsEmpty => _activations.IsEmpty && _groups.IsEmpty;

    internal IEnumerable<Activation> All =>
        _activations.Select(entry => entry.Value).Concat(_groups.SelectMany(entry => entry.Value.Members));

    internal void Deliver(GrainId id, GrainClass grainClass, GrainCall call)
    {
        if (grainClass.MostWorkers is { } most)
        {
            while (!_groups.GetOrAdd(id, static (id, made) => new WorkerGroup(made.runtime, made.grainClass, id, made.most), (runtime, grainClass, most))
                .TryEnqueue(call))
            {
                // That group has just emptied and left; the next round makes a new one.
            }
            return;
        }
        while (true)
        {
            if (!_activations.TryGetValue(id, out var activation))
                activation = _activations.GetOrAdd(id, static (id, made) => new Activation(made.runtime, made.grainClass, id), (runtime, grainClass));
            if (activation.TryEnqueue(call))
                return;
            _activations.TryRemove(new KeyValuePair<GrainId, Activation>(id, activation));
        }
    }

    internal void Remove(Activation activation, WorkerGroup? group)
    {
        if (group is null)
            _activations.TryRemove(new KeyValuePair<GrainId, Activation>(activation.GrainId, activation));
        else if (group.Remove(activation))
            _groups.TryRemove(new KeyValuePair<GrainId, WorkerGroup>(activation.GrainId, group));
    }
}
