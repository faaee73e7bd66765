using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using OrleansBackup.PostgresServer;
using OrleansBackup.Silo.Cluster;

namespace OrleansBackup.Cluster.Tests.Orleans;

/// <summary>How a silo shares the cluster's database with the others, when everything of it asks at once.</summary>
public sealed class ClusterDatabaseTests
{
    private const string Address = "Host=127.0.0.1;Database=d;Username=u";

    [Theory]
    [InlineData("", 30, 60)]
    [InlineData(";Maximum Pool Size=12", 12, 60)]
    [InlineData(";maxpoolsize=12;timeout=7", 12, 7)]
    [InlineData(";Minimum Pool Size=50", 50, 60)]
    public void Connections_are_few_and_waited_for_unless_the_connection_string_says_otherwise(string further, int connections, int seconds)
    {
        var opened = new NpgsqlConnectionStringBuilder(ClusterDatabase.ConnectionString(new ClusterSettings { ConnectionString = Address + further }));
        Assert.Equal((connections, seconds), (opened.MaxPoolSize, opened.Timeout));
    }

    [ClusterFact]
    public async Task A_thousand_questions_at_once_to_a_database_that_nobody_has_asked_yet_are_all_answered_by_few_connections()
    {
        await using var postgres = await TestPostgres.StartAsync(CancellationToken.None);
        var address = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync(CancellationToken.None));
        address.Remove("Maximum Pool Size");
        address.Remove("Timeout");
        var settings = Options.Create(new ClusterSettings { ConnectionString = address.ConnectionString });
        await using var database = new ClusterDatabase(settings, NullLoggerFactory.Instance, TimeProvider.System);

        var most = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(async _ =>
        {
            await using var command = database.Source.CreateCommand("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'OrleansBackup'");
            return (long)(await command.ExecuteScalarAsync())!;
        }));

        Assert.InRange(most.Max(), 1, 30);
    }
}
