using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace Orleans.Runtime;

internal sealed partial class Activation
{
    private Stage _stage;
    private IServiceScope? _scope;
    private IActivationState[] _states = [];
    private Departure? _departure;
    private long _stayUntil = long.MinValue;

    private enum Stage : byte
    {
        New,
        Activating,
        Active,

        /// <summary>Asked to go; what runs may end first.</summary>
        Leaving,
        Deactivating,
        Gone,
    }

    public Task Deactivated
    {
        get
        {
            lock (this)
                return _stage == Stage.Gone && _departure is null ? Task.CompletedTask : (_departure ??= new Departure()).Done;
        }
    }

    /// <summary>What streams of this activation are still being read.</summary>
    internal OpenStreams? Streams { get; private set; }

    internal OpenStreams StreamsOrNew() => Streams ??= new OpenStreams(this);

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        lock (this)
        {
            _departure ??= new Departure();
            if (_stage >= Stage.Leaving || !_departure.TryGiveReason(deactivationReason))
                return;
            if (_stage is Stage.New or Stage.Activating)
                return; // goes as soon as it has come to life
            BeginLeaving();
            if (!Schedule())
                return;
        }
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    internal void DelayDeactivation(TimeSpan span)
    {
        lock (this)
        {
            _stayUntil = span <= TimeSpan.Zero ? long.MinValue
                : span >= TimeSpan.FromDays(3650) ? long.MaxValue
                : Runtime.Time.GetTimestamp() + (long)(span.TotalSeconds * Runtime.Time.TimestampFrequency);
        }
    }

    /// <summary>Asks to go if nothing happened here for the class's collection age.</summary>
    internal void CollectIfIdle(long now, TimeSpan age)
    {
        lock (this)
        {
            if (_stage != Stage.Active || Load > 0 || _scheduled || Streams is { Count: > 0 } || now < _stayUntil)
                return;
            if (Runtime.Time.GetElapsedTime(_lastUsed, now) < age)
                return;
        }
        Deactivate(new DeactivationReason(DeactivationReasonCode.ActivationIdle, "Idle for the collection age."));
    }

    /// <summary>A call ended in an exception. State that turned out to be stale must not be worked with any longer.</summary>
    /// <param name="isHeard">Whether a caller learns of it; otherwise the log is the only place.</param>
    internal void NoteFailure(GrainCall call, Exception exception, bool isHeard)
    {
        if (!isHeard)
            LogOneWayFailed(Runtime.Log, GrainId, call.MethodName, exception);
        if (exception is InconsistentStateException stale && stale.TakeSource(this))
        {
            LogStaleState(Runtime.Log, GrainId, call.MethodName);
            Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationError, exception, "The state in memory was stale."));
        }
    }

    private async Task ComeToLifeAsync()
    {
        Exception? failure = null;
        try
        {
            Build();
            if (_states.Length > 0 || Class.OverridesActivation)
            {
                using var limit = new CancellationTokenSource(Runtime.Collection.ActivationTimeout, Runtime.Time);
                await WakeAsync(limit.Token).WaitAsync(limit.Token);
            }
        }
        catch (OperationCanceledException exception) when (exception.CancellationToken is { IsCancellationRequested: true })
        {
            failure = new TimeoutException($"{GrainId} did not come to life within {Runtime.Collection.ActivationTimeout}.", exception);
        }
        catch (Exception exception)
        {
            failure = exception;
        }
        if (failure is not null)
        {
            LogActivationFailed(Runtime.Log, GrainId, failure);
            await LeaveDirectoryAsync(failure);
            return;
        }
        lock (this)
        {
            _stage = Stage.Active;
            if (_departure is { HasReason: true })
                BeginLeaving();
        }
        // This ran as a turn, so the loop of turns goes on from here and looks at the waiting calls.
    }

    private void Build()
    {
        _scope = Runtime.Services.CreateScope();
        _beingBuilt = this;
        try
        {
            GrainInstance = Class.Create(this, out _states);
        }
        finally
        {
            _beingBuilt = null;
        }
    }

    private async Task WakeAsync(CancellationToken cancellation)
    {
        foreach (var state in _states)
            await state.LoadAsync(cancellation);
        await ((IGrainBase)GrainInstance!).OnActivateAsync(cancellation);
    }

    /// <summary>Call under the lock.</summary>
    private void BeginLeaving()
    {
        _stage = Stage.Leaving;
        Streams?.AbortAll("The grain is being deactivated.");
        if (_admission.Running > 0)
        {
            _departure!.LimitWait(Runtime.Time, Runtime.Collection.DeactivationTimeout, () =>
            {
                LogCallsDoNotEnd(Runtime.Log, GrainId, Runtime.Collection.DeactivationTimeout);
                Post(static () => { });
            });
        }
    }

    private async Task GoAsync()
    {
        _timers.DisposeAll();
        if (Class.OverridesDeactivation)
        {
            try
            {
                using var limit = new CancellationTokenSource(Runtime.Collection.DeactivationTimeout, Runtime.Time);
                await ((IGrainBase)GrainInstance!).OnDeactivateAsync(_departure!.Reason, limit.Token).WaitAsync(limit.Token);
            }
            catch (Exception exception)
            {
                LogDeactivationFailed(Runtime.Log, GrainId, exception);
            }
        }
        await LeaveDirectoryAsync(failure: null);
    }

    /// <summary>The end: what still waits is refused with the failure, or finds the next activation.</summary>
    private async Task LeaveDirectoryAsync(Exception? failure)
    {
        try
        {
            _timers.DisposeAll();
            if (GrainInstance is IAsyncDisposable asyncDisposable)
                await asyncDisposable.DisposeAsync();
            else
                (GrainInstance as IDisposable)?.Dispose();
            _scope?.Dispose();
        }
        catch (Exception exception)
        {
            LogDeactivationFailed(Runtime.Log, GrainId, exception);
        }
        GrainCall? waiting;
        Departure? departure;
        lock (this)
        {
            _stage = Stage.Gone;
            waiting = _admission.TakeAll();
            departure = _departure;
        }
        Runtime.Directory.Remove(this, _group);
        for (var call = waiting; call is not null;)
        {
            var next = call.Next;
            call.Next = null;
            if (failure is not null)
                call.Refuse(ExceptionCopy.Of(failure));
            else
                Runtime.Redeliver(Class, call);
            call = next;
        }
        GrainInstance = null;
        _states = [];
        departure?.Finish();
    }

    [LoggerMessage(7101, LogLevel.Error, "{Grain} could not be activated")]
    private static partial void LogActivationFailed(ILogger log, GrainId grain, Exception exception);

    [LoggerMessage(7102, LogLevel.Error, "{Grain} failed while it was being deactivated; it is gone all the same")]
    private static partial void LogDeactivationFailed(ILogger log, GrainId grain, Exception exception);

    [LoggerMessage(7103, LogLevel.Warning, "{Grain} goes although calls still run, {Limit} after it was asked to")]
    private static partial void LogCallsDoNotEnd(ILogger log, GrainId grain, TimeSpan limit);

    [LoggerMessage(7105, LogLevel.Error, "{Grain}: {Method} failed, and its caller does not wait for it")]
    private static partial void LogOneWayFailed(ILogger log, GrainId grain, string method, Exception exception);

    [LoggerMessage(7104, LogLevel.Information, "{Grain} is deactivated: {Method} found its state stale")]
    private static partial void LogStaleState(ILogger log, GrainId grain, string method);
}
