using Microsoft.Data.Sqlite;

namespace OrleansBackup.SqliteStorage;

/// <summary>One connection with its prepared statements. Used by one thread at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _prepared = [];

    internal SqliteSession(SqliteStateOptions options)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = options.Path,
            Pooling = false, // these connections live as long as the file is open
        }.ToString());
        try
        {
            _connection.Open();
            // FULL: a commit that was reported is on the disk, whatever happens to process or power.
            SqliteSchema.Execute(_connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;");
            if (options.LargestFileBytes is { } bytes)
            {
                var pages = Math.Max(1, bytes / SqliteSchema.ReadNumber(_connection, "PRAGMA page_size"));
                SqliteSchema.Execute(_connection, $"PRAGMA max_page_count = {pages};");
            }
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    internal SqliteConnection Connection => _connection;

    /// <summary>A statement with its parameters set, prepared at its first use.</summary>
    internal SqliteCommand Statement(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
#pragma warning disable CA2100 // all statements are constants of this project
            command.CommandText = sql;
#pragma warning restore CA2100
            foreach (var (name, value) in parameters)
                command.Parameters.AddWithValue(name, value);
            command.Prepare();
            _prepared.Add(sql, command);
        }
        for (var i = 0; i < parameters.Length; i++)
            command.Parameters[i].Value = parameters[i].Value;
        return command;
    }

    internal int Execute(string sql, params ReadOnlySpan<(string Name, object Value)> parameters) => Statement(sql, parameters).ExecuteNonQuery();

    public void Dispose()
    {
        foreach (var command in _prepared.Values)
            command.Dispose();
        _connection.Dispose();
    }
}
