namespace Orleans.Runtime;

/// <summary>A method call as filters see it, without the types of its arguments.</summary>
internal interface IMethodCall
{
    GrainReference TargetReference { get; }
    GrainMethod Definition { get; }
    int ArgumentCount { get; }
    object? GetArgument(int index);
    void SetArgument(int index, object? value);
    Task InvokeMethod(object grain);

    /// <summary>The result of the method's task, boxed; null if it has none.</summary>
    object? ResultOf(Task completed);
}
