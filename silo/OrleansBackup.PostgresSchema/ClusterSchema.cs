using Npgsql;

namespace OrleansBackup.PostgresSchema;

/// <summary>Brings the tables of a cluster into a PostgreSQL database, and tells whether they are there.</summary>
/// <remarks>
/// Tables go to the first schema of the connection's search path, so that a database can be shared. Which scripts have run stands in the
/// table <c>orleansbackup_schema</c>, each with the oldest version whose programs still work with it: during a rolling upgrade
/// silos of the release before may start on tables that are newer than theirs.
/// </remarks>
public static class ClusterSchema
{
    /// <summary>Taken while scripts run: of several that start at once one works and the others find its work done. An arbitrary number ("OBsc").</summary>
    private const long Lock = 0x4F427363;

    private const int LongestScriptSeconds = 600;

    private const string MakeTable = """
        CREATE TABLE IF NOT EXISTS orleansbackup_schema
        (
            version     integer NOT NULL PRIMARY KEY,
            name        text NOT NULL,
            digest      text NOT NULL,
            serves_from integer NOT NULL,
            applied_at  timestamptz NOT NULL DEFAULT now()
        )
        """;

    /// <summary>The version that this release is written for.</summary>
    public static int Version => SchemaScript.All.Length;

    /// <summary>Programs written for this version and later ones work with the tables of this release.</summary>
    public const int ServesFrom = 4;

    /// <summary>Runs the scripts that have not run yet, all of them or none. Safe to repeat, and to start several times at once.</summary>
    /// <returns>The version found and the version left.</returns>
    /// <exception cref="SchemaProblemException">The database cannot be reached, or its tables are of another or a newer release.</exception>
    public static Task<(int From, int To)> MigrateAsync(NpgsqlDataSource database, CancellationToken cancellation) => DatabaseProblems.ExplainAsync(database, async () =>
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await ExecuteAsync($"SELECT pg_advisory_xact_lock({Lock})");
        await ExecuteAsync(MakeTable); // only now: two that make one table in the same moment disturb each other, whatever IF NOT EXISTS says
        var found = await ReadAsync(connection, cancellation);
        RequireOurs(found);
        foreach (var script in SchemaScript.All.Skip(found.Count))
        {
            await ExecuteAsync(script.Sql);
            await using var note = new NpgsqlCommand("INSERT INTO orleansbackup_schema (version, name, digest, serves_from) VALUES ($1, $2, $3, $4)", connection, transaction)
            {
                Parameters = { new() { Value = script.Version }, new() { Value = script.Name }, new() { Value = script.Digest }, new() { Value = ServesFrom } },
            };
            await note.ExecuteNonQueryAsync(cancellation);
        }
        await transaction.CommitAsync(cancellation);
        return (found.Count, Math.Max(found.Count, Version));

        async Task ExecuteAsync(string sql)
        {
#pragma warning disable CA2100 // our own scripts and constants
            await using var command = new NpgsqlCommand(sql, connection, transaction) { CommandTimeout = LongestScriptSeconds };
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync(cancellation);
        }
    });

    /// <summary>Returns when this release can work with the tables that are there. Changes nothing.</summary>
    /// <exception cref="SchemaProblemException">The tables are missing, older than this release needs or made for a newer one; or the database cannot be reached.</exception>
    public static Task CheckAsync(NpgsqlDataSource database, CancellationToken cancellation) => DatabaseProblems.ExplainAsync(database, async () =>
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using (var question = new NpgsqlCommand("SELECT to_regclass('orleansbackup_schema') IS NULL", connection))
        {
            if ((bool)(await question.ExecuteScalarAsync(cancellation))!)
                throw new SchemaProblemException($"{DatabaseProblems.NameOf(database)} holds no tables of OrleansBackup. Run 'OrleansBackup.Silo migrate' once, with the same Cluster:ConnectionString.");
        }
        var found = await ReadAsync(connection, cancellation);
        RequireOurs(found);
        if (found.Count < Version)
            throw new SchemaProblemException($"{DatabaseProblems.NameOf(database)} has tables of version {found.Count}; this release needs version {Version}. Run 'OrleansBackup.Silo migrate' of this release first.");
        return true;
    });

    private static void RequireOurs(List<Applied> found)
    {
        var newest = found.Count == 0 ? 0 : found[^1].Version;
        if (newest > Version && found[^1].ServesFrom > Version)
            throw new SchemaProblemException($"The database has tables of version {newest}, made for programs of version {found[^1].ServesFrom} and later; this one knows version {Version}. Use the newer release.");
        foreach (var (applied, script) in found.Zip(SchemaScript.All))
            if (applied.Version != script.Version || applied.Digest != script.Digest)
                throw new SchemaProblemException($"The tables were made by another script '{applied.Name}' than the '{script.Name}' of this release. Use a database of its own, or the release that made these tables.");
    }

    private static async Task<List<Applied>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT version, name, digest, serves_from FROM orleansbackup_schema ORDER BY version", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<Applied>();
        while (await reader.ReadAsync(cancellation))
            rows.Add(new Applied(reader.GetInt32(0), reader.GetString(1), reader.GetString(2), reader.GetInt32(3)));
        return rows;
    }

    private sealed record Applied(int Version, string Name, string Digest, int ServesFrom);
}
