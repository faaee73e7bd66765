using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace OrleansBackup.SqliteStorage;

/// <summary>The only writer of the file: whatever waits is committed together, so that many grains share one flush of the disk.</summary>
/// <remarks>A thread of its own, because a flush blocks for milliseconds and the thread pool serves the grains.</remarks>
internal sealed class SqliteWriter : IDisposable
{
    private readonly SqliteStateOptions _options;
    private readonly SqliteSession _session;
    private readonly BlockingCollection<Write> _waiting = [];
    private readonly SemaphoreSlim _places;
    private readonly Thread _thread;
    private readonly List<Write> _batch;

    internal SqliteWriter(SqliteStateOptions options, SqliteSession session)
    {
        _options = options;
        _session = session;
        _batch = new List<Write>(options.LargestBatch);
        _places = new SemaphoreSlim(options.MostWaitingWrites);
        _thread = new Thread(Run) { IsBackground = true, Name = "state file writer" };
        _thread.Start();
    }

    /// <summary>Durable when the task ends; if it fails, nothing of this write is stored.</summary>
    /// <exception cref="StateStoreException">The file cannot be written.</exception>
    internal async Task<T> WriteAsync<T>(Func<SqliteSession, T> work)
    {
        await _places.WaitAsync();
        try
        {
            var write = new Write<T>(work);
            _waiting.Add(write);
            return await write.Done;
        }
        catch (InvalidOperationException) when (_waiting.IsAddingCompleted)
        {
            throw new StateStoreException($"'{_options.Path}' is closed.", isTransient: false);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>Commits what waits, then ends.</summary>
    public void Dispose()
    {
        _waiting.CompleteAdding();
        _thread.Join();
        _waiting.Dispose();
        _places.Dispose();
    }

    private void Run()
    {
        foreach (var first in _waiting.GetConsumingEnumerable())
        {
            _batch.Clear();
            _batch.Add(first);
            while (_batch.Count < _options.LargestBatch && _waiting.TryTake(out var next))
                _batch.Add(next);
            if (Commit(_batch) is not { } failure)
                continue;
            if (_batch.Count == 1)
            {
                first.Fail(failure);
                continue;
            }
            // One of them is to blame and the others are not: each on its own.
            foreach (var write in _batch)
            {
                if (Commit([write]) is { } own)
                    write.Fail(own);
            }
        }
    }

    private Exception? Commit(List<Write> batch)
    {
        try
        {
            _session.Execute("BEGIN IMMEDIATE");
            foreach (var write in batch)
                write.Apply(_session);
            _session.Execute("COMMIT");
        }
        catch (Exception exception)
        {
            return Translate(exception, RollBack());
        }
        foreach (var write in batch)
            write.Succeed();
        return null;
    }

    private SqliteException? RollBack()
    {
        try
        {
            // A full disk or an I/O error may have rolled back already, and then there is nothing to roll back.
            if (SQLitePCL.raw.sqlite3_get_autocommit(_session.Connection.Handle) == 0)
                _session.Execute("ROLLBACK");
            return null;
        }
        catch (SqliteException exception)
        {
            return exception;
        }
    }

    private Exception Translate(Exception exception, SqliteException? rollBack) => (exception as SqliteException)?.SqliteErrorCode switch
    {
        null => exception,
        SQLitePCL.raw.SQLITE_FULL => new StateStoreFullException(
            $"There is no room left for '{_options.Path}' ({exception.Message}). Free space on its disk; nothing of this write was stored.", exception),
        SQLitePCL.raw.SQLITE_BUSY => new StateStoreException($"Another process holds '{_options.Path}' locked.", isTransient: true, exception),
        _ => new StateStoreException($"'{_options.Path}' could not be written: {exception.Message}", isTransient: false, rollBack ?? exception),
    };

    private abstract class Write
    {
        internal abstract void Apply(SqliteSession session);
        internal abstract void Succeed();
        internal abstract void Fail(Exception exception);
    }

    private sealed class Write<T>(Func<SqliteSession, T> work) : Write
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;

        internal Task<T> Done => _done.Task;

        internal override void Apply(SqliteSession session) => _result = work(session);
        internal override void Succeed() => _done.SetResult(_result!);
        internal override void Fail(Exception exception) => _done.SetException(exception);
    }
}
