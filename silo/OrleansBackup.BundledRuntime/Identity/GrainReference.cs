namespace Orleans.Runtime;

/// <summary>The base of the proxies that callers hold: an identity that turns method calls into work for the grain.</summary>
/// <remarks>A proxy class is made at run time for each grain interface; its methods do no more than call one of the methods here.</remarks>
public abstract class GrainReference : IAddressable, IEquatable<GrainReference>
{
    private readonly CallCounters[] _counters;

    private protected GrainReference(SiloRuntime runtime, GrainId id, GrainClass grainClass, GrainInterface contract)
    {
        Runtime = runtime;
        GrainId = id;
        GrainClass = grainClass;
        Contract = contract;
        _counters = runtime.Statistics.For(contract);
    }

    public GrainId GrainId { get; }
    public string InterfaceName => Contract.Name;
    public GrainInterfaceType InterfaceType => GrainInterfaceType.Create(Contract.Name);

    internal SiloRuntime Runtime { get; }
    internal GrainClass GrainClass { get; }
    internal GrainInterface Contract { get; }

    public bool Equals(GrainReference? other) => other is not null && GrainId == other.GrainId && Contract == other.Contract;
    public override bool Equals(object? obj) => Equals(obj as GrainReference);
    public override int GetHashCode() => GrainId.GetHashCode();
    public override string ToString() => $"{GrainId} ({Contract.Name})";

    internal Task<TResult> Call<TArguments, TResult>(int index, TArguments arguments)
        where TArguments : struct
    {
        try
        {
            var method = Contract.Method<TArguments, TResult>(index);
            if (!Runtime.Filters.HasOutgoing)
                return Send(method, index, arguments);
            return new OutgoingCall<TArguments, TResult>(this, method, index, arguments).RunAsync();
        }
        catch (Exception exception)
        {
            return Task.FromException<TResult>(exception); // a call fails through its task, never from the call itself
        }
    }

    internal Task Call<TArguments>(int index, TArguments arguments)
        where TArguments : struct => Call<TArguments, Nothing>(index, arguments);

    internal ValueTask<TResult> ValueCall<TArguments, TResult>(int index, TArguments arguments)
        where TArguments : struct => new(Call<TArguments, TResult>(index, arguments));

    internal ValueTask ValueCall<TArguments>(int index, TArguments arguments)
        where TArguments : struct => new(Call<TArguments, Nothing>(index, arguments));

    internal void Post<TArguments>(int index, TArguments arguments)
        where TArguments : struct => _ = Call<TArguments, Nothing>(index, arguments);

    internal IAsyncEnumerable<TItem> Stream<TArguments, TItem>(int index, TArguments arguments)
        where TArguments : struct =>
        new GrainStream<TArguments, TItem>(this, Contract.Method<TArguments, TItem>(index), arguments);

    internal Task<TResult> Send<TArguments, TResult>(GrainMethod<TArguments, TResult> method, int index, TArguments arguments)
        where TArguments : struct
    {
        if (method.Delegates.ReadToken is { } readToken && readToken(ref arguments) is { IsCancellationRequested: true } cancelled)
            return Task.FromCanceled<TResult>(cancelled);
        return MethodCall<TArguments, TResult>.Send(this, method, _counters[index], arguments);
    }
}
