using System.Collections.Concurrent;
using System.Reflection;
using Orleans.Concurrency;

namespace Orleans.Runtime;

/// <summary>One grain interface: its methods in order, its name, and how a reference of it is made.</summary>
internal sealed class GrainInterface
{
    private static readonly ConcurrentDictionary<Type, GrainInterface> All = new();
    private readonly MethodInfo[] _declared;
    private readonly GrainMethod?[] _methods;
    private readonly Lazy<Func<SiloRuntime, GrainId, GrainClass, GrainInterface, GrainReference>> _create;

    private GrainInterface(Type type)
    {
        Type = type;
        Name = type.GetCustomAttribute<AliasAttribute>()?.Alias ?? type.FullName!;
        _declared = MethodsOf(type);
        _methods = new GrainMethod?[_declared.Length];
        _create = new(() => ProxyFactory.Build(type, _declared));
    }

    internal Type Type { get; }
    internal string Name { get; }

    internal IReadOnlyList<MethodInfo> Methods => _declared;

    internal static GrainInterface Of(Type type) => All.GetOrAdd(type, static type => type.IsInterface
        && typeof(IAddressable).IsAssignableFrom(type) && !type.ContainsGenericParameters
            ? new GrainInterface(type)
            : throw new ArgumentException($"{type} is not a grain interface that this engine can call."));

    internal static MethodInfo[] MethodsOf(Type type) =>
        [.. type.GetInterfaces().Prepend(type).SelectMany(part => part.GetMethods(BindingFlags.Instance | BindingFlags.Public))
            .Where(method => method.IsAbstract)];

    internal static MethodMarks MarksOf(MethodInfo method) => new(
        method.IsDefined(typeof(AlwaysInterleaveAttribute)),
        method.IsDefined(typeof(ReadOnlyAttribute)),
        method.IsDefined(typeof(OneWayAttribute)) || method.ReturnType == typeof(void),
        // The reminder service must know when a tick has really ended before it sends the next, so it waits for ever.
        method.DeclaringType == typeof(IRemindable) ? Timeout.InfiniteTimeSpan : method.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout);

    internal GrainReference CreateReference(SiloRuntime runtime, GrainId id, GrainClass grainClass) =>
        _create.Value(runtime, id, grainClass, this);

    /// <summary>The method at a place. Built at its first call, which fails if an argument or the result cannot be copied.</summary>
    internal GrainMethod<TArguments, TResult> Method<TArguments, TResult>(int index)
        where TArguments : struct =>
        (GrainMethod<TArguments, TResult>)(Volatile.Read(ref _methods[index]) ?? Build<TArguments, TResult>(index));

    private GrainMethod Build<TArguments, TResult>(int index)
        where TArguments : struct
    {
        var method = _declared[index];
        var immutable = method.ReturnParameter.IsDefined(typeof(ImmutableAttribute));
        var copies = typeof(TResult) != typeof(Nothing) && !Copiers.Get<TResult>().SharesValues && !immutable;
        var built = new GrainMethod<TArguments, TResult>(
            this, method, MarksOf(method), new MethodDelegates<TArguments>(method), copies);
        return Interlocked.CompareExchange(ref _methods[index], built, null) ?? built;
    }
}
