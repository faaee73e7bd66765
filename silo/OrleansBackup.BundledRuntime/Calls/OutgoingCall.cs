using System.Reflection;
using Orleans.Serialization.Invocation;

namespace Orleans.Runtime;

/// <summary>A call on its way through the caller's filters.</summary>
internal sealed class OutgoingCall<TArguments, TResult>(
    GrainReference target, GrainMethod<TArguments, TResult> method, int index, TArguments arguments) : IOutgoingGrainCallContext, IInvokable
    where TArguments : struct
{
    private TArguments _arguments = arguments;
    private int _stage;

    public object Grain => target;
    public GrainId? SourceId => SourceContext?.GrainId;
    public GrainId TargetId => target.GrainId;
    public GrainInterfaceType InterfaceType => target.InterfaceType;
    public string InterfaceName => target.InterfaceName;
    public string MethodName => method.Name;
    public MethodInfo InterfaceMethod => method.Method;
    public IGrainContext? SourceContext { get; } = Activation.Current;
    public IInvokable Request => this;
    public object? Result { get; set; }

    public async Task Invoke()
    {
        var stage = _stage++;
        try
        {
            if (stage < target.Runtime.Filters.Outgoing.Length)
                await target.Runtime.Filters.Outgoing[stage].Invoke(this);
            else
                Result = await target.Send(method, index, _arguments);
        }
        finally
        {
            _stage = stage;
        }
    }

    internal async Task<TResult> RunAsync()
    {
        await Invoke();
        return Result is TResult result ? result : default!;
    }

    int IInvokable.GetArgumentCount() => method.ArgumentCount;
    object? IInvokable.GetArgument(int index) => method.Delegates.ReadArgument(ref _arguments, index);
    void IInvokable.SetArgument(int index, object value) => method.Delegates.WriteArgument(ref _arguments, index, value);
    string IInvokable.GetMethodName() => MethodName;
    string IInvokable.GetInterfaceName() => InterfaceName;
    MethodInfo IInvokable.GetMethod() => InterfaceMethod;
}
