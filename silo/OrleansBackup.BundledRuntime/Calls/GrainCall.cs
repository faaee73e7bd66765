namespace Orleans.Runtime;

/// <summary>One piece of work for an activation's queue: a call, a timer tick, a step of a stream.</summary>
/// <remarks>
/// Doubles as the frame of its call chain: <see cref="Parent"/> made it and <see cref="LatestChild"/> was made from it. Links are
/// cut when a call ends, so that endless chains of one-way calls do not keep their past alive.
/// </remarks>
internal abstract class GrainCall : Ambient
{
    private volatile bool _ended;

    /// <summary>The next in the activation's queue.</summary>
    internal GrainCall? Next { get; set; }

    internal GrainCall? Parent { get; private set; }
    internal GrainCall? LatestChild { get; private set; }

    /// <summary>The activation that runs it, once it runs.</summary>
    internal Activation? RunsOn { get; private set; }

    internal bool HasEnded => _ended;

    internal abstract GrainId Target { get; }
    internal abstract string MethodName { get; }

    /// <summary>May run beside anything else in the activation.</summary>
    internal abstract bool AlwaysInterleaves { get; }

    /// <summary>May run beside others that are read-only.</summary>
    internal virtual bool IsReadOnly => false;

    /// <summary>Counts as use of the activation.</summary>
    internal virtual bool KeepsAlive => true;

    /// <summary>The caller has its answer already (it timed out or was cancelled), so running it would be for nothing.</summary>
    internal virtual bool IsPointless => false;

    internal override GrainCall? Call => this;

    /// <summary>Notes who made this call, so that a call that waits too long can say how it came about.</summary>
    internal void ChainTo(GrainCall? parent)
    {
        if (parent is null || parent.HasEnded)
            return;
        Parent = parent;
        parent.LatestChild = this;
    }

    /// <summary>Runs inside a turn of the activation. Calls <see cref="End"/> when done, now or later.</summary>
    internal void Run(Activation activation)
    {
        RunsOn = activation;
        Start(activation);
    }

    protected abstract void Start(Activation activation);

    /// <summary>Answers without having run: the activation could not come to life, or the silo is gone.</summary>
    internal virtual void Refuse(Exception reason) => Cut();

    /// <summary>Tells the activation that the next may run.</summary>
    protected void End()
    {
        Cut();
        RunsOn!.OnEnded(this);
    }

    private void Cut()
    {
        _ended = true;
        if (Parent is { } parent && parent.LatestChild == this)
            parent.LatestChild = null;
        Parent = null;
    }
}
