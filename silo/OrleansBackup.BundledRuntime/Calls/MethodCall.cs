namespace Orleans.Runtime;

/// <summary>One call of a grain method: carries copies in, runs on the grain's scheduler, carries a copy or an error out.</summary>
#pragma warning disable CA1001 // the token source has no timer and no handle, so there is nothing to dispose; the grain may still hold its token
internal sealed class MethodCall<TArguments, TResult> : GrainCall, IPendingAnswer, IMethodCall
#pragma warning restore CA1001
    where TArguments : struct
{
    private readonly GrainReference _target;
    private readonly GrainMethod<TArguments, TResult> _method;
    private readonly CallCounters _counters;
    private readonly TaskCompletionSource<TResult>? _answer;
    private readonly CancellationTokenSource? _cancelled;
    private CancellationTokenRegistration _callerCancels;
    private TArguments _arguments;
    private IncomingCall? _filtered;
    private Task? _running;
    private long _startedAt;

    private MethodCall(GrainReference target, GrainMethod<TArguments, TResult> method, CallCounters counters, TArguments arguments, bool takesToken)
    {
        _target = target;
        _method = method;
        _counters = counters;
        _arguments = arguments;
        if (!method.Marks.IsOneWay)
            _answer = new TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (takesToken)
            _cancelled = new CancellationTokenSource();
    }

    public IPendingAnswer? Earlier { get; set; }
    public IPendingAnswer? Later { get; set; }
    public PendingAnswers.Lane? Lane { get; set; }
    public long Deadline { get; set; }

    public GrainReference TargetReference => _target;
    public GrainMethod Definition => _method;
    public int ArgumentCount => _method.ArgumentCount;

    internal override GrainId Target => _target.GrainId;
    internal override string MethodName => $"{_target.Contract.Type.Name}.{_method.Name}";
    internal override bool AlwaysInterleaves => _method.Marks.AlwaysInterleaves;
    internal override bool IsReadOnly => _method.Marks.IsReadOnly;
    internal override bool IsPointless => _answer is { Task.IsCompleted: true };

    internal static Task<TResult> Send(
        GrainReference target, GrainMethod<TArguments, TResult> method, CallCounters counters, TArguments arguments)
    {
        var runtime = target.Runtime;
        runtime.ThrowIfUnavailable();
        var ambient = Current;
        var callerToken = method.Delegates.ReadToken?.Invoke(ref arguments) ?? default;
        if (method.Delegates.Copy is { } copy)
            copy(ref arguments, new CopyContext());
        var call = new MethodCall<TArguments, TResult>(target, method, counters, arguments, method.Delegates.WriteToken is not null)
        {
            Values = ValuesToSend(ambient),
        };
        call.ChainTo(ambient?.Call);
        if (call._answer is { } answer)
        {
            runtime.Pending.Add(call, method.Marks.ResponseTimeout ?? runtime.ResponseTimeout);
            if (callerToken.CanBeCanceled)
                call.CancelWith(callerToken);
            runtime.Deliver(target, call);
            return answer.Task;
        }
        runtime.Deliver(target, call);
        return Task.FromResult<TResult>(default!);
    }

    public object? GetArgument(int index) => _method.Delegates.ReadArgument(ref _arguments, index);
    public void SetArgument(int index, object? value) => _method.Delegates.WriteArgument(ref _arguments, index, value);

    /// <summary>Runs the grain's method; the end of the filters.</summary>
    public Task InvokeMethod(object grain) => (Task)_method.Delegates.Invoke(grain, ref _arguments)!;

    public object? ResultOf(Task completed) => completed is Task<TResult> { IsCompletedSuccessfully: true } task && typeof(TResult) != typeof(Nothing)
        ? task.Result
        : null;

    public void Abandon(Exception reason)
    {
        if (_answer!.TrySetException(reason))
            CancelRun();
    }

    public void TimeOut(TimeSpan after) => Abandon(CallTimeout.Describe(this, after));

    internal override void Refuse(Exception reason)
    {
        base.Refuse(reason);
        Settle();
        _answer?.TrySetException(reason);
    }

    protected override void Start(Activation activation)
    {
        _startedAt = activation.Runtime.Time.GetTimestamp();
        try
        {
            if (_cancelled is not null)
                _method.Delegates.WriteToken!(ref _arguments, _cancelled.Token);
            var filters = activation.Runtime.Filters;
            if (filters.HasIncoming || activation.Class.FiltersOwnCalls)
                _running = (_filtered = new IncomingCall(this, activation, filters)).RunAsync();
            else
                _running = InvokeMethod(activation.GrainInstance!);
        }
        catch (Exception exception)
        {
            Fail(exception);
            return;
        }
        if (_running is null)
            Fail(new InvalidOperationException($"{MethodName} of {Target} returned null instead of a task."));
        else if (_running.IsCompleted)
            Finish();
        else
            _running.GetAwaiter().UnsafeOnCompleted(Finish); // comes back to the activation: the result is copied inside of a turn
    }

    private void Finish()
    {
        var task = _running!;
        if (!task.IsCompletedSuccessfully)
        {
            Fail(task.Exception is { InnerException: { } thrown } ? thrown : new TaskCanceledException(task));
            return;
        }
        try
        {
            var result = typeof(TResult) == typeof(Nothing) ? default!
                : _filtered is { } filtered ? (TResult)filtered.Result!
                : ((Task<TResult>)task).Result;
            if (_method.ResultCopier is { } copier)
                result = copier.Copy(result, new CopyContext());
            Close(failed: false);
            _answer?.TrySetResult(result);
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    private void Fail(Exception exception)
    {
        var activation = RunsOn!;
        activation.NoteFailure(this, exception, isHeard: _answer is not null);
        Close(failed: true);
        if (_answer is { Task.IsCompleted: false })
            _answer.TrySetException(ExceptionCopy.Of(exception));
    }

    private void Close(bool failed)
    {
        var activation = RunsOn!;
        _counters.Count(activation.Runtime.Time.GetTimestamp() - _startedAt, failed);
        Settle();
        _arguments = default;
        _running = null;
        End();
    }

    private void Settle()
    {
        if (_answer is not null)
            PendingAnswers.Remove(this);
        _callerCancels.Dispose();
    }

    private void CancelWith(CancellationToken callerToken) =>
        _callerCancels = callerToken.UnsafeRegister(static (call, token) =>
        {
            var self = (MethodCall<TArguments, TResult>)call!;
            if (!self._answer!.TrySetCanceled(token))
                return;
            PendingAnswers.Remove(self);
            self.CancelRun();
        }, this);

    private void CancelRun()
    {
        if (_cancelled is not { } cancelled)
            return;
        // What the grain hung on its token runs as a turn of the grain, never on the caller's thread.
        if (RunsOn is { } activation)
            activation.Post(cancelled.Cancel);
        else
            cancelled.Cancel();
    }
}
