namespace Orleans.Runtime;

/// <summary>The activations of one key of a stateless worker: another is made while all are busy and the bound allows it.</summary>
internal sealed class WorkerGroup(SiloRuntime runtime, GrainClass grainClass, GrainId id, int most)
{
    private readonly List<Activation> _members = [];
    private bool _gone;

    internal Activation[] Members
    {
        get
        {
            lock (_members)
                return [.. _members];
        }
    }

    internal bool TryEnqueue(GrainCall call)
    {
        lock (_members)
        {
            if (_gone)
                return false;
            var least = _members.MinBy(member => member.Load);
            if (least is null || (least.Load > 0 && _members.Count < most))
                _members.Add(least = new Activation(runtime, grainClass, id, this));
            if (least.TryEnqueue(call))
                return true;
            _members.Remove(least); // it has just gone; a fresh one takes the call
            var fresh = new Activation(runtime, grainClass, id, this);
            _members.Add(fresh);
            return fresh.TryEnqueue(call);
        }
    }

    /// <returns>Whether the group is empty now, and so gone itself.</returns>
    internal bool Remove(Activation member)
    {
        lock (_members)
        {
            _members.Remove(member);
            return _gone = _members.Count == 0;
        }
    }
}
