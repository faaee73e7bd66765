using System.Reflection;
using Orleans.Runtime;

namespace Orleans
{
    /// <summary>One call as a filter sees it. Awaiting <see cref="Invoke"/> runs what comes behind the filter.</summary>
    public interface IGrainCallContext
    {
        /// <summary>The grain, or on the caller's side the reference to it.</summary>
        object Grain { get; }

        /// <summary>The caller, if it is a grain.</summary>
        GrainId? SourceId { get; }
        GrainId TargetId { get; }
        GrainInterfaceType InterfaceType { get; }
        string InterfaceName { get; }
        string MethodName { get; }
        MethodInfo InterfaceMethod { get; }
        Serialization.Invocation.IInvokable Request { get; }

        /// <summary>What the method answered, after <see cref="Invoke"/>; a filter may replace it.</summary>
        object? Result { get; set; }

        Task Invoke();
    }

    /// <summary>A call that arrives at a grain.</summary>
    public interface IIncomingGrainCallContext : IGrainCallContext
    {
        MethodInfo ImplementationMethod { get; }
        IGrainContext TargetContext { get; }
    }

    /// <summary>A call that leaves for a grain.</summary>
    public interface IOutgoingGrainCallContext : IGrainCallContext
    {
        IGrainContext? SourceContext { get; }
    }

    /// <summary>Sees every call that arrives at the grains of a silo; a grain class that implements it sees its own.</summary>
    public interface IIncomingGrainCallFilter
    {
        Task Invoke(IIncomingGrainCallContext context);
    }

    /// <summary>Sees every call that leaves.</summary>
    public interface IOutgoingGrainCallFilter
    {
        Task Invoke(IOutgoingGrainCallContext context);
    }

    public delegate Task IncomingGrainCallFilterDelegate(IIncomingGrainCallContext context);

    public delegate Task OutgoingGrainCallFilterDelegate(IOutgoingGrainCallContext context);
}

namespace Orleans.Serialization.Invocation
{
    /// <summary>The arguments of a call.</summary>
    public interface IInvokable
    {
        int GetArgumentCount();
        object? GetArgument(int index);
        void SetArgument(int index, object value);
        string GetMethodName();
        string GetInterfaceName();
        MethodInfo GetMethod();
    }
}
