namespace Orleans.Concurrency;

/// <summary>Calls to this grain may run in each other's pauses. Still one turn at a time.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ReentrantAttribute : Attribute;

/// <summary>This method may run in the pauses of any other call of the same grain, and any other in its pauses.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AlwaysInterleaveAttribute : Attribute;

/// <summary>This method changes nothing, so several such calls may run in each other's pauses.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReadOnlyAttribute : Attribute;

/// <summary>The caller does not wait and learns neither result nor error.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OneWayAttribute : Attribute;

/// <summary>As many activations of one key as there is work for, up to a bound. For grains that hold no state.</summary>
/// <param name="maxLocalWorkers">Most activations of one key at once; not positive: as many as there are processors.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StatelessWorkerAttribute(int maxLocalWorkers) : Attribute
{
    public StatelessWorkerAttribute() : this(-1) { }

    public int MaxLocalWorkers { get; } = maxLocalWorkers > 0 ? maxLocalWorkers : Environment.ProcessorCount;
}
