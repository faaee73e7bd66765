using System.Runtime.ExceptionServices;

namespace Orleans.Runtime;

/// <summary>What one read brought: items that were ready, and whether and how the stream ended behind them.</summary>
internal sealed record StreamBatch<TItem>(IReadOnlyList<TItem> Items, bool IsLast, ExceptionDispatchInfo? Failure);

/// <summary>Carries the reads of one enumeration into the grain, where its enumerator lives in <see cref="OpenStreams"/>.</summary>
internal sealed class StreamStep<TArguments, TItem>(GrainReference target, GrainMethod<TArguments, TItem> method, TArguments arguments)
    where TArguments : struct
{
    private OpenStream<TItem>? _open;
    private Activation? _activation;
    private volatile bool _isClosed;

    /// <exception cref="EnumerationAbortedException">The grain gave the stream up.</exception>
    /// <exception cref="OperationCanceledException">The reader gave up; the grain's token is cancelled too.</exception>
    internal async Task<StreamBatch<TItem>> ReadAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        target.Runtime.ThrowIfUnavailable();
        var ambient = Ambient.Current;
        var read = new StreamRead<TItem>(target.GrainId, $"{target.Contract.Type.Name}.{method.Name}", Step) { Values = Ambient.ValuesToSend(ambient) };
        read.ChainTo(ambient?.Call);
        if (_activation is null)
            target.Runtime.Deliver(target, read);
        else if (!_activation.TryEnqueue(read))
            throw new EnumerationAbortedException($"The stream of {target.GrainId} ended with its activation.");
        using var registration = cancellation.UnsafeRegister(
            static (step, _) => ((StreamStep<TArguments, TItem>)step!).Close(), this);
        return await read.Answer.WaitAsync(cancellation);
    }

    /// <summary>The reader is done, at the end or before it.</summary>
    internal void Close()
    {
        _isClosed = true;
        if (Volatile.Read(ref _open) is { } open)
            _activation!.Post(() => open.Close(null));
    }

    private Task<StreamBatch<TItem>> Step(Activation activation)
    {
        if (_open is null)
        {
            _activation = activation;
            if (_isClosed)
                return Task.FromException<StreamBatch<TItem>>(new OperationCanceledException("The reader left before the stream was opened."));
            Volatile.Write(ref _open, activation.StreamsOrNew().Open(token =>
            {
                method.Delegates.WriteToken?.Invoke(ref arguments, token);
                return (IAsyncEnumerable<TItem>)method.Delegates.Invoke(activation.GrainInstance!, ref arguments)!;
            }, method.ResultCopier));
            if (_isClosed)
                Close(); // the reader left in this moment and saw nothing to close
        }
        return _open.ReadAsync();
    }
}

/// <summary>One read on its way into the grain.</summary>
internal sealed class StreamRead<TItem>(GrainId target, string name, Func<Activation, Task<StreamBatch<TItem>>> step) : GrainCall
{
    private readonly TaskCompletionSource<StreamBatch<TItem>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task<StreamBatch<TItem>> Answer => _answer.Task;
    internal override GrainId Target => target;
    internal override string MethodName => name;
    internal override bool AlwaysInterleaves => true;

    internal override void Refuse(Exception reason)
    {
        base.Refuse(reason);
        _answer.TrySetException(reason);
    }

    protected override void Start(Activation activation) => _ = RunAsync(activation);

    private async Task RunAsync(Activation activation)
    {
        try
        {
            _answer.TrySetResult(await step(activation));
        }
        catch (Exception exception)
        {
            _answer.TrySetException(ExceptionCopy.Of(exception));
        }
        End();
    }
}
