using Npgsql;

namespace OrleansBackup.PostgresSchema.Tests;

/// <summary>The tables come once, whole, whoever asks for them how often; and a program knows which it needs.</summary>
public sealed class MigrationTests(OneServer one) : IClassFixture<OneServer>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [PostgresFact]
    public async Task A_new_database_gets_all_tables_and_a_second_migration_changes_nothing()
    {
        await using var database = await DatabaseAsync();

        Assert.Equal((0, ClusterSchema.Version), await ClusterSchema.MigrateAsync(database, None));
        await ExecuteAsync(database, "INSERT INTO cluster_list VALUES ('kept', 7, now())");
        Assert.Equal((ClusterSchema.Version, ClusterSchema.Version), await ClusterSchema.MigrateAsync(database, None));

        await ClusterSchema.CheckAsync(database, None);
        Assert.Equal(7, await ScalarAsync(database, "SELECT version FROM cluster_list WHERE cluster_id = 'kept'"));
    }

    [PostgresFact]
    public async Task Of_many_migrations_that_start_at_once_one_does_the_work_and_none_fails()
    {
        await using var database = await DatabaseAsync();
        // All are held at the same moment, and let go together.
        await using var holder = await database.OpenConnectionAsync(None);
        await using var held = await holder.BeginTransactionAsync(None);
        await ExecuteAsync(holder, "SELECT pg_advisory_xact_lock(1329754979)");

        var migrations = Enumerable.Range(0, 8).Select(_ => ClusterSchema.MigrateAsync(database, None)).ToList();
        await WaitUntilAsync(async () => (long)(await ScalarAsync(holder, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"))! == 8);
        await held.CommitAsync(None);
        var results = await Task.WhenAll(migrations);

        Assert.Single(results, result => result == (0, ClusterSchema.Version));
        Assert.Equal(7, results.Count(result => result == (ClusterSchema.Version, ClusterSchema.Version)));
        await ClusterSchema.CheckAsync(database, None);
    }

    [PostgresFact]
    public async Task A_migration_that_fails_half_way_leaves_nothing_behind()
    {
        await using var database = await DatabaseAsync();
        await ExecuteAsync(database, "CREATE TABLE reminder (in_the_way integer)"); // the last script stumbles over it

        var problem = await Assert.ThrowsAsync<SchemaProblemException>(() => ClusterSchema.MigrateAsync(database, None));

        Assert.Contains("reminder", problem.Message, StringComparison.Ordinal);
        Assert.Equal(true, await ScalarAsync(database, "SELECT to_regclass('grain_state') IS NULL AND to_regclass('orleansbackup_schema') IS NULL"));
        await ExecuteAsync(database, "DROP TABLE reminder");
        Assert.Equal((0, ClusterSchema.Version), await ClusterSchema.MigrateAsync(database, None));
    }

    [PostgresFact]
    public async Task A_database_without_tables_is_refused_with_the_command_that_makes_them()
    {
        await using var database = await DatabaseAsync();

        var problem = await Assert.ThrowsAsync<SchemaProblemException>(() => ClusterSchema.CheckAsync(database, None));

        Assert.Contains("OrleansBackup.Silo migrate", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Password", problem.Message, StringComparison.OrdinalIgnoreCase);
    }

    [PostgresFact]
    public async Task Tables_that_are_older_than_needed_are_refused_and_a_migration_brings_them_up()
    {
        await using var database = await DatabaseAsync();
        await ClusterSchema.MigrateAsync(database, None);
        await ExecuteAsync(database, "DELETE FROM orleansbackup_schema WHERE version = 5; DROP TABLE installation");

        var problem = await Assert.ThrowsAsync<SchemaProblemException>(() => ClusterSchema.CheckAsync(database, None));

        Assert.Contains("version 4", problem.Message, StringComparison.Ordinal);
        Assert.Equal((4, 5), await ClusterSchema.MigrateAsync(database, None));
        await ClusterSchema.CheckAsync(database, None);
    }

    [PostgresFact]
    public async Task Newer_tables_are_refused_unless_they_serve_this_release_too()
    {
        await using var database = await DatabaseAsync();
        await ClusterSchema.MigrateAsync(database, None);
        var next = ClusterSchema.Version + 1;
        await ExecuteAsync(database, $"INSERT INTO orleansbackup_schema VALUES ({next}, 'of-tomorrow', 'x', {ClusterSchema.Version})");
        await ClusterSchema.CheckAsync(database, None); // a rolling upgrade: the silos of today still start
        Assert.Equal((next, next), await ClusterSchema.MigrateAsync(database, None));

        await ExecuteAsync(database, $"UPDATE orleansbackup_schema SET serves_from = {next} WHERE version = {next}");

        Assert.Contains("newer", (await Assert.ThrowsAsync<SchemaProblemException>(() => ClusterSchema.CheckAsync(database, None))).Message, StringComparison.Ordinal);
        Assert.Contains("newer", (await Assert.ThrowsAsync<SchemaProblemException>(() => ClusterSchema.MigrateAsync(database, None))).Message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Tables_made_by_other_scripts_are_refused()
    {
        await using var database = await DatabaseAsync();
        await ClusterSchema.MigrateAsync(database, None);
        await ExecuteAsync(database, "UPDATE orleansbackup_schema SET digest = 'other' WHERE version = 2");

        var problem = await Assert.ThrowsAsync<SchemaProblemException>(() => ClusterSchema.CheckAsync(database, None));

        Assert.Contains("0002-membership", problem.Message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task What_stands_in_the_way_of_a_connection_is_told_with_what_to_set()
    {
        var good = new NpgsqlConnectionStringBuilder(await one.Server.CreateDatabaseAsync(None));
        (NpgsqlConnectionStringBuilder Wrong, string Told)[] cases =
        [
            (new(good.ConnectionString) { Password = "wrong" }, "Correct user and password in Cluster:ConnectionString"),
            (new(good.ConnectionString) { Database = "none" }, "CREATE DATABASE"),
            (new(good.ConnectionString) { Port = 1 }, "cannot be reached"),
        ];
        foreach (var (wrong, told) in cases)
        {
            await using var database = NpgsqlDataSource.Create(wrong.ConnectionString);
            var problem = await Assert.ThrowsAsync<SchemaProblemException>(() => ClusterSchema.CheckAsync(database, None));
            Assert.Contains(told, problem.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(good.Password!, problem.Message, StringComparison.Ordinal);
            Assert.Equal(wrong.Port == 1, DatabaseProblems.IsPassing(problem));
        }
    }

    private async Task<NpgsqlDataSource> DatabaseAsync() => NpgsqlDataSource.Create(await one.Server.CreateDatabaseAsync(None));

    private static async Task WaitUntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(Hang.Limit);
        while (!await condition())
            limit.Token.ThrowIfCancellationRequested();
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var connection = await database.OpenConnectionAsync(None);
        await ExecuteAsync(connection, sql);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(None);
    }

    private static async Task<object?> ScalarAsync(NpgsqlDataSource database, string sql)
    {
        await using var connection = await database.OpenConnectionAsync(None);
        return await ScalarAsync(connection, sql);
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(None);
    }
}
