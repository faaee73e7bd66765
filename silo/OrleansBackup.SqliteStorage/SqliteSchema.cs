using Microsoft.Data.Sqlite;

namespace OrleansBackup.SqliteStorage;

/// <summary>The tables of the state file and their version. A newer release adds a step; a step, once released, never changes.</summary>
internal static class SqliteSchema
{
    /// <summary>"OBst" in the file's header, so that a wrong path is noticed before anything is written.</summary>
    private const int ApplicationId = 0x4F427374;

    private static readonly string[] Steps =
    [
        """
        CREATE TABLE grain_state (
            grain_id   TEXT NOT NULL,    -- type/key
            state_name TEXT NOT NULL,
            etag       TEXT NOT NULL,
            format     INTEGER NOT NULL, -- of the document
            document   TEXT NOT NULL,    -- JSON
            PRIMARY KEY (grain_id, state_name)
        ) WITHOUT ROWID;
        CREATE TABLE reminder (
            grain_id TEXT NOT NULL,
            name     TEXT NOT NULL,
            etag     TEXT NOT NULL,
            start_at TEXT NOT NULL,      -- ISO 8601, UTC
            period   TEXT NOT NULL,      -- [d.]hh:mm:ss[.fffffff]
            PRIMARY KEY (grain_id, name)
        ) WITHOUT ROWID;
        """,
    ];

    /// <exception cref="StateStoreException">The file is something else, or was written by a newer release.</exception>
    internal static void Bring(SqliteConnection connection)
    {
        if (VersionOf(connection) == Steps.Length)
            return;
        // All in one transaction, the version read anew inside it: a kill leaves the old version whole, and of two that open a new file
        // in the same moment one makes the tables and the other finds them.
        Execute(connection, "BEGIN IMMEDIATE");
        try
        {
            for (var version = VersionOf(connection); version < Steps.Length; version++)
                Execute(connection, $"{Steps[version]} PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {version + 1};");
            Execute(connection, "COMMIT");
        }
        catch
        {
            Execute(connection, "ROLLBACK");
            throw;
        }
    }

    private static long VersionOf(SqliteConnection connection)
    {
        var application = ReadNumber(connection, "PRAGMA application_id");
        var version = ReadNumber(connection, "PRAGMA user_version");
        if (application != ApplicationId && (application != 0 || version != 0))
            throw new StateStoreException($"'{connection.DataSource}' is an SQLite file of something else.", isTransient: false);
        if (version > Steps.Length)
        {
            throw new StateStoreException(
                $"'{connection.DataSource}' has state format {version}; this release knows up to {Steps.Length}. Use the release that wrote it, or a newer one.",
                isTransient: false);
        }
        return version;
    }

    internal static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // built from constants only
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    internal static long ReadNumber(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants only
        command.CommandText = sql;
#pragma warning restore CA2100
        return (long)command.ExecuteScalar()!;
    }
}
