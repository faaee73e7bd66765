using System.Reflection;

namespace Orleans.Runtime;

/// <summary>What is known of one method of one grain interface, once for all its calls.</summary>
internal abstract class GrainMethod(GrainInterface contract, MethodInfo method, MethodMarks marks)
{
    internal GrainInterface Contract { get; } = contract;
    internal MethodInfo Method { get; } = method;
    internal string Name { get; } = method.Name;
    internal MethodMarks Marks { get; } = marks;
    internal int ArgumentCount { get; } = method.GetParameters().Length;
}

/// <summary>What a method's attributes say about how it is called.</summary>
internal sealed record MethodMarks(bool AlwaysInterleaves, bool IsReadOnly, bool IsOneWay, TimeSpan? ResponseTimeout);

/// <summary>A method with the types of its arguments (as one tuple) and its result (<see cref="Nothing"/> for none).</summary>
internal sealed class GrainMethod<TArguments, TResult>(
    GrainInterface contract, MethodInfo method, MethodMarks marks, MethodDelegates<TArguments> delegates, bool copiesResult)
    : GrainMethod(contract, method, marks)
    where TArguments : struct
{
    internal MethodDelegates<TArguments> Delegates { get; } = delegates;

    /// <summary>Copies what the grain answers; null where sharing it is harmless.</summary>
    internal Copier<TResult>? ResultCopier { get; } = copiesResult ? Copiers.Get<TResult>() : null;
}

/// <summary>The result of a method that has none.</summary>
internal readonly struct Nothing;
