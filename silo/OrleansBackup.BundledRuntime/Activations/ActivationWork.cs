namespace Orleans.Runtime;

/// <summary>Work that the engine itself has for an activation, such as a timer's tick: queued and admitted like a call.</summary>
internal sealed class ActivationWork(Activation activation, string name, Func<Task> work, bool interleaves, bool keepsAlive) : GrainCall
{
    internal override GrainId Target => activation.GrainId;
    internal override string MethodName => name;
    internal override bool AlwaysInterleaves => interleaves;
    internal override bool KeepsAlive => keepsAlive;

    protected override void Start(Activation activation)
    {
        var running = work();
        if (running.IsCompleted)
            End();
        else
            running.GetAwaiter().UnsafeOnCompleted(End);
    }
}
