using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace OrleansBackup.SqliteStorage;

/// <summary>The state file of a single-machine installation: one writer, a few readers, safe to kill at any moment.</summary>
/// <remarks>Opened when it is made; made once per process and file.</remarks>
public sealed class SqliteStateFile : IDisposable
{
    private readonly SqliteStateOptions _options;
    private readonly SqliteSession _writing;
    private readonly SqliteWriter _writer;
    private readonly ConcurrentBag<SqliteSession> _readers = [];
    private readonly SemaphoreSlim _readerPlaces;

    /// <exception cref="StateStoreException">SQLite is missing, or the file is damaged, not ours or of a newer release; the message says what to do.</exception>
    public SqliteStateFile(IOptions<SqliteStateOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Value;
        SystemSqlite.EnsureLoaded();
        CreateForOwnerOnly(_options.Path);
        _writing = Open(_options);
        _writer = new SqliteWriter(_options, _writing);
        _readerPlaces = new SemaphoreSlim(_options.Readers);
    }

    internal Task<T> WriteAsync<T>(Func<SqliteSession, T> work) => _writer.WriteAsync(work);

    internal async Task<T> ReadAsync<T>(Func<SqliteSession, T> work)
    {
        await _readerPlaces.WaitAsync();
        try
        {
            // Off the grain's turn: usually some microseconds, but a page may have to come from the disk.
            return await Task.Run(() =>
            {
                if (!_readers.TryTake(out var session))
                    session = new SqliteSession(_options);
                try
                {
                    return work(session);
                }
                finally
                {
                    _readers.Add(session);
                }
            });
        }
        finally
        {
            _readerPlaces.Release();
        }
    }

    public void Dispose()
    {
        _writer.Dispose();
        while (_readers.TryTake(out var reader))
            reader.Dispose();
        _writing.Dispose();
        _readerPlaces.Dispose();
    }

    private static SqliteSession Open(SqliteStateOptions options)
    {
        SqliteSession? session = null;
        try
        {
            session = new SqliteSession(options);
            SqliteSchema.Bring(session.Connection);
            return session;
        }
        catch (SqliteException exception)
        {
            session?.Dispose();
            throw Explain(options.Path, exception);
        }
        catch
        {
            session?.Dispose();
            throw;
        }
    }

    private static StateStoreException Explain(string path, SqliteException exception) => exception.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB => new StateStoreException(
            $"The state file '{path}' is damaged ({exception.Message}). Stop the service, move it away together with its -wal and -shm files, and put "
            + "back a copy from a backup of this machine; the vaults are not touched by this.", isTransient: false, exception),
        SQLitePCL.raw.SQLITE_FULL => new StateStoreFullException($"There is no room left for '{path}' ({exception.Message}). Free space on its disk.", exception),
        SQLitePCL.raw.SQLITE_BUSY => new StateStoreException($"Another process holds '{path}' locked.", isTransient: true, exception),
        _ => new StateStoreException(
            $"The state file '{path}' cannot be opened: {exception.Message} Check that the service may read and write it and its folder.", isTransient: false, exception),
    };

    /// <summary>State is business data of the provider's customers: nobody else on the machine reads it.</summary>
    private static void CreateForOwnerOnly(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            Directory.CreateDirectory(folder);
        if (File.Exists(path))
            return; // never opened here: closing a plain handle would drop the locks that SQLite holds on the file in this process
        var create = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            create.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            File.Open(path, create).Dispose();
        }
        catch (IOException) when (File.Exists(path))
        {
            // somebody made it in the same moment, with the same mode
        }
    }
}
