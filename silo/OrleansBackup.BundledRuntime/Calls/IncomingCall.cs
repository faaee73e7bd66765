using System.Collections.Concurrent;
using System.Reflection;
using Orleans.Serialization.Invocation;

namespace Orleans.Runtime;

/// <summary>A call on its way through the filters of the silo, then the grain's own, to the grain's method.</summary>
internal sealed class IncomingCall(IMethodCall call, Activation activation, FilterChain filters) : IIncomingGrainCallContext, IInvokable
{
    private static readonly ConcurrentDictionary<(Type Class, MethodInfo Method), MethodInfo> Implementations = new();
    private readonly GrainCall? _parent = ((GrainCall)call).Parent;
    private int _stage;

    public object Grain => activation.GrainInstance!;
    public GrainId? SourceId => _parent?.RunsOn?.GrainId;
    public GrainId TargetId => activation.GrainId;
    public GrainInterfaceType InterfaceType => call.TargetReference.InterfaceType;
    public string InterfaceName => call.TargetReference.InterfaceName;
    public string MethodName => call.Definition.Name;
    public MethodInfo InterfaceMethod => call.Definition.Method;
    public IGrainContext TargetContext => activation;
    public IInvokable Request => this;
    public object? Result { get; set; }

    public MethodInfo ImplementationMethod => Implementations.GetOrAdd((activation.Class.Type, InterfaceMethod), static of =>
    {
        var map = of.Class.GetInterfaceMap(of.Method.DeclaringType!);
        return map.TargetMethods[Array.IndexOf(map.InterfaceMethods, of.Method)];
    });

    public async Task Invoke()
    {
        var stage = _stage++;
        try
        {
            if (stage < filters.Incoming.Length)
            {
                await filters.Incoming[stage].Invoke(this);
            }
            else if (stage == filters.Incoming.Length && activation.GrainInstance is IIncomingGrainCallFilter own)
            {
                await own.Invoke(this);
            }
            else
            {
                var running = call.InvokeMethod(Grain);
                await running;
                Result = call.ResultOf(running);
            }
        }
        finally
        {
            _stage = stage; // a filter may invoke again, to retry
        }
    }

    internal Task RunAsync() => Invoke();

    int IInvokable.GetArgumentCount() => call.ArgumentCount;
    object? IInvokable.GetArgument(int index) => call.GetArgument(index);
    void IInvokable.SetArgument(int index, object value) => call.SetArgument(index, value);
    string IInvokable.GetMethodName() => MethodName;
    string IInvokable.GetInterfaceName() => InterfaceName;
    MethodInfo IInvokable.GetMethod() => InterfaceMethod;
}
