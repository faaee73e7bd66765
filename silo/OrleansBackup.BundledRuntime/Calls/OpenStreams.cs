using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;

namespace Orleans.Runtime;

/// <summary>The streams of one activation that somebody reads. Given up when nobody reads any more, or the activation goes.</summary>
internal sealed class OpenStreams(Activation activation)
{
    private readonly List<IOpenStream> _open = [];

    internal Activation Activation => activation;

    internal int Count
    {
        get
        {
            lock (_open)
                return _open.Count;
        }
    }

    internal OpenStream<TItem> Open<TItem>(Func<CancellationToken, IAsyncEnumerable<TItem>> start, Copier<TItem>? copier)
    {
        var stream = new OpenStream<TItem>(this, start, copier);
        lock (_open)
            _open.Add(stream);
        return stream;
    }

    internal void Remove(IOpenStream stream)
    {
        lock (_open)
            _open.Remove(stream);
    }

    internal void AbortAll(string reason)
    {
        IOpenStream[] all;
        lock (_open)
            all = [.. _open];
        foreach (var stream in all)
            activation.Post(() => stream.Close(new EnumerationAbortedException(reason)));
    }
}

internal interface IOpenStream
{
    void Close(Exception? reason);
}

/// <summary>One enumerator inside of a grain. Everything here runs as turns of the grain.</summary>
#pragma warning disable CA1001 // disposed at the end of its own life, in FinishAsync
internal sealed partial class OpenStream<TItem> : IOpenStream
#pragma warning restore CA1001
{
    /// <summary>Items that are ready go out together, up to here: a read costs a turn, an item need not.</summary>
    private const int LargestBatch = 100;

    private readonly OpenStreams _owner;
    private readonly Copier<TItem>? _copier;
    private readonly CancellationTokenSource _given = new();
    private readonly IAsyncEnumerator<TItem> _items;
    private readonly ITimer _abandoned;
    private Task<bool>? _next;
    private Exception? _closed;
    private bool _isClosed;
    private bool _isDisposed;

    internal OpenStream(OpenStreams owner, Func<CancellationToken, IAsyncEnumerable<TItem>> start, Copier<TItem>? copier)
    {
        _owner = owner;
        _copier = copier;
        _items = start(_given.Token).GetAsyncEnumerator(_given.Token);
        _abandoned = owner.Activation.Runtime.Time.CreateTimer(
            _ => owner.Activation.Post(() => Close(new EnumerationAbortedException("Nobody read the stream for too long."))),
            null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    internal async Task<StreamBatch<TItem>> ReadAsync()
    {
        if (_isClosed)
            throw _closed ?? new EnumerationAbortedException("The stream was closed.");
        _abandoned.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var items = new List<TItem>();
        var context = new CopyContext();
        try
        {
            do
            {
                _next ??= _items.MoveNextAsync().AsTask();
                if (!await _next)
                {
                    await FinishAsync();
                    return new StreamBatch<TItem>(items, IsLast: true, Failure: null);
                }
                _next = null;
                items.Add(_copier is null ? _items.Current : _copier.Copy(_items.Current, context));
                _next = _items.MoveNextAsync().AsTask();
            }
            while (_next.IsCompleted && items.Count < LargestBatch);
        }
        catch (Exception exception)
        {
            _next = null;
            await FinishAsync();
            var failure = _closed ?? ExceptionCopy.Of(exception);
            return new StreamBatch<TItem>(items, IsLast: true, ExceptionDispatchInfo.Capture(failure));
        }
        _abandoned.Change(_owner.Activation.Runtime.ResponseTimeout, Timeout.InfiniteTimeSpan);
        return new StreamBatch<TItem>(items, IsLast: false, Failure: null);
    }

    public void Close(Exception? reason)
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _closed = reason;
        _given.Cancel();
        // While the grain is still making the next item, its enumerator must not be disposed: it ends when that item does.
        if (_next is null || _next.IsCompleted)
            _ = FinishAsync();
        else
            _ = _next.ContinueWith(_ => FinishAsync(), CancellationToken.None, TaskContinuationOptions.None, _owner.Activation);
    }

    private async Task FinishAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = _isClosed = true;
        _abandoned.Dispose();
        _owner.Remove(this);
        try
        {
            await _items.DisposeAsync();
        }
        catch (Exception exception)
        {
            LogDisposeFailed(_owner.Activation.Runtime.Log, _owner.Activation.GrainId, exception);
        }
        _given.Dispose();
    }

    [LoggerMessage(7201, LogLevel.Warning, "A stream of {Grain} failed while it was being closed")]
    private static partial void LogDisposeFailed(ILogger log, GrainId grain, Exception exception);
}
