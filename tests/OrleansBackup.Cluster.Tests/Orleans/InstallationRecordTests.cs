using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansBackup.PostgresServer;
using OrleansBackup.Silo.Cluster;

namespace OrleansBackup.Cluster.Tests.Orleans;

/// <summary>What a start asks the cluster's database before it joins, while that database is not there or too busy to answer.</summary>
public sealed class InstallationRecordTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [ClusterFact]
    public async Task A_database_that_is_away_for_a_moment_is_waited_for()
    {
        await using var postgres = await TestPostgres.StartAsync(None);
        var settings = Options.Create(new ClusterSettings { ConnectionString = await postgres.CreateDatabaseAsync(None) });
        await using var database = new ClusterDatabase(settings, NullLoggerFactory.Instance, TimeProvider.System);
        await database.MigrateAsync(None);
        var record = new InstallationRecord(database, settings);
        Assert.Equal("first", await record.KeepFirstAsync("key", "first", None));
        await postgres.StopAsync(None); // a crash could take along what was written just now: this server waits for no disk

        var (found, kept) = (record.FindAsync("key", None), record.KeepFirstAsync("key", "second", None));
        Assert.False(found.IsCompleted || kept.IsCompleted);
        await postgres.StartAgainAsync(None);

        Assert.Equal(("first", "first"), (await found, await kept));
    }

    [ClusterFact]
    public async Task A_database_that_stays_away_is_given_up_when_the_patience_has_ended()
    {
        await using var postgres = await TestPostgres.StartAsync(None);
        var settings = Options.Create(new ClusterSettings { ConnectionString = await postgres.CreateDatabaseAsync(None), DatabasePatienceSeconds = 0 });
        await using var database = new ClusterDatabase(settings, NullLoggerFactory.Instance, TimeProvider.System);
        await postgres.CrashAsync(None);
        await Assert.ThrowsAnyAsync<Npgsql.NpgsqlException>(() => new InstallationRecord(database, settings).FindAsync("key", None));
    }
}
