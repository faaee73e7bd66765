namespace Orleans.Runtime;

/// <summary>The call filters of a silo, in the order of their registration.</summary>
internal sealed class FilterChain(IEnumerable<IIncomingGrainCallFilter> incoming, IEnumerable<IOutgoingGrainCallFilter> outgoing)
{
    internal IIncomingGrainCallFilter[] Incoming { get; } = [.. incoming];
    internal IOutgoingGrainCallFilter[] Outgoing { get; } = [.. outgoing];
    internal bool HasIncoming => Incoming.Length > 0;
    internal bool HasOutgoing => Outgoing.Length > 0;
}

internal sealed class IncomingFilterDelegate(IncomingGrainCallFilterDelegate filter) : IIncomingGrainCallFilter
{
    public Task Invoke(IIncomingGrainCallContext context) => filter(context);
}

internal sealed class OutgoingFilterDelegate(OutgoingGrainCallFilterDelegate filter) : IOutgoingGrainCallFilter
{
    public Task Invoke(IOutgoingGrainCallContext context) => filter(context);
}
