using Microsoft.Extensions.DependencyInjection;
using Orleans.Timers;

namespace Orleans.Runtime;

/// <summary>One grain in memory: its queue of work, its scheduler, and its life from the first call to its deactivation.</summary>
/// <remarks>
/// It is the task scheduler of its own grain, so that every await in grain code comes back here, and everything here runs one turn
/// at a time: either the start of an admitted call or a continuation. Who is admitted when is <see cref="Admission"/>;
/// coming and going is in Activation.Life.cs.
/// </remarks>
internal sealed partial class Activation : TaskScheduler, IGrainContext, IThreadPoolWorkItem
{
    /// <summary>Turns in a row before other activations get the thread.</summary>
    private const int TurnsPerSlice = 128;

    [ThreadStatic]
    private static Activation? _beingBuilt;

    private static readonly ExecutionContext Blank = BlankContext();
    private readonly WorkerGroup? _group;
    private Queue<Task>? _continuations;
    private Admission _admission;
    private bool _scheduled;
    private long _lastUsed;
    private GrainReference? _reference;
    private ActivationTimers _timers;

    internal Activation(SiloRuntime runtime, GrainClass grainClass, GrainId id, WorkerGroup? group = null)
    {
        Runtime = runtime;
        Class = grainClass;
        GrainId = id;
        _group = group;
        _lastUsed = runtime.Time.GetTimestamp();
    }

    /// <summary>The activation whose grain is being constructed on this thread.</summary>
    internal static Activation? BeingBuilt => _beingBuilt;

    /// <summary>The activation whose turn runs on this thread; null outside of grains.</summary>
    internal static new Activation? Current => TaskScheduler.Current as Activation;

    public GrainId GrainId { get; }
    public object? GrainInstance { get; private set; }
    public GrainReference GrainReference => _reference ??= Runtime.References.Create(GrainId, Class.MainInterface);
    public IServiceProvider ActivationServices => _scope?.ServiceProvider ?? Runtime.Services;

    internal SiloRuntime Runtime { get; }
    internal GrainClass Class { get; }
    internal ref ActivationTimers Timers => ref _timers;

    /// <summary>Calls that run or wait here.</summary>
    internal int Load => _admission.Running + _admission.Waiting;

    public override int MaximumConcurrencyLevel => 1;

    public bool Equals(IGrainContext? other) => ReferenceEquals(this, other);

    /// <summary>Queues work. False when this activation is gone and the caller must find the next one.</summary>
    internal bool TryEnqueue(GrainCall call)
    {
        lock (this)
        {
            if (_stage == Stage.Gone)
                return false;
            if (_admission.Waiting < Runtime.MostWaitingCalls)
            {
                _admission.Add(call);
                if (!Schedule())
                    return true;
                call = null!;
            }
        }
        if (call is null)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        else
            call.Refuse(new LimitExceededException($"{Runtime.MostWaitingCalls} calls wait for {GrainId} already."));
        return true;
    }

    /// <summary>Runs something as a turn, beside whatever calls there are.</summary>
    internal void Post(Action turn) =>
        Task.Factory.StartNew(turn, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this);

    /// <summary>A call has ended, so the next may be admitted.</summary>
    internal void OnEnded(GrainCall call)
    {
        lock (this)
        {
            _admission.Ended(call);
            if (call.KeepsAlive)
                _lastUsed = Runtime.Time.GetTimestamp();
            if (!_admission.HasWaiting && _stage != Stage.Leaving || !Schedule())
                return;
        }
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    void IThreadPoolWorkItem.Execute()
    {
        // A task that runs on this scheduler makes it the current one, which is what awaits in grain code look at.
        new Task(static activation => ((Activation)activation!).RunTurns(), this).RunSynchronously(this);
    }

    protected override void QueueTask(Task task)
    {
        lock (this)
        {
            (_continuations ??= new Queue<Task>(2)).Enqueue(task);
            if (!Schedule())
                return;
        }
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        (ReferenceEquals(task.AsyncState, this) || Current == this) && TryExecuteTask(task); // its state is this: the task of Execute

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (this)
            return _continuations?.ToArray() ?? [];
    }

    private static ExecutionContext BlankContext()
    {
        ExecutionContext? blank = null;
        var thread = new Thread(() => blank = ExecutionContext.Capture());
        thread.UnsafeStart();
        thread.Join();
        return blank!;
    }

    /// <summary>Call under the lock. True when the caller must hand this activation to the thread pool.</summary>
    private bool Schedule() => !_scheduled && (_scheduled = true);

    private void RunTurns()
    {
        for (var turns = 0; turns < TurnsPerSlice; turns++)
        {
            if (Runtime.IsAbandoned)
                return; // an abrupt stop: nothing of this silo runs any more, as if the process were gone
            Task? continuation = null;
            GrainCall? call = null;
            lock (this)
            {
                if (_continuations is { Count: > 0 } continuations)
                {
                    continuation = continuations.Dequeue();
                }
                else if (_stage == Stage.New)
                {
                    _stage = Stage.Activating;
                }
                else if (_stage == Stage.Leaving && (_admission.Running == 0 || _departure!.IsOverdue))
                {
                    _stage = Stage.Deactivating;
                }
                else if (_stage is not (Stage.Active or Stage.Leaving) || !_admission.TryTake(Class.IsReentrant, _stage == Stage.Leaving, out call))
                {
                    _scheduled = false;
                    return;
                }
            }
            RunTurn(continuation, call);
        }
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false); // still scheduled; let others have the thread
    }

    private void RunTurn(Task? continuation, GrainCall? call)
    {
        if (continuation is not null)
        {
            TryExecuteTask(continuation); // brings its own execution context
            return;
        }
        if (call is null)
        {
            _ = _stage == Stage.Activating ? ComeToLifeAsync() : GoAsync(); // neither fails: they report to who waits
            return;
        }
        if (call.IsPointless)
        {
            call.Refuse(new OperationCanceledException());
            OnEnded(call);
            return;
        }
        Ambient.Current = call;
        call.Run(this);
        ExecutionContext.Restore(Blank); // a method that is not async may have left its async locals behind
    }
}
