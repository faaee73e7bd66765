using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OrleansBackup.Demo.Output;
using OrleansBackup.PostgresSchema;
using OrleansBackup.PostgresServer;

namespace OrleansBackup.Benchmarks.Cluster;

/// <summary>PostgreSQL, started for the measurement and asked what it has done. Built when ActorRuntime is Orleans.</summary>
internal static class DatabaseOfTheBuild
{
    private const int RefreshesMeasured = 5;

    // A connection tells the server what it has done at most once a second, and only when it has nothing to do.
    private static readonly TimeSpan StatisticsDelay = TimeSpan.FromSeconds(2.5);

    public const string Name = "PostgreSQL, which does not wait for its disk here";

    public static async Task<(IAsyncDisposable? Server, ClusterConnections? Connections)> StartAsync(CancellationToken cancellation)
    {
        var server = await TestPostgres.StartAsync(cancellation);
        return (server, new ClusterConnections(await MadeAsync(), await MadeAsync(), await MadeAsync()));

        async Task<string> MadeAsync()
        {
            var builder = new NpgsqlConnectionStringBuilder(await server.CreateDatabaseAsync(cancellation));
            builder.Remove("Maximum Pool Size"); // as many connections, and as patiently, as a silo does by itself
            builder.Remove("Timeout");
            var connection = builder.ConnectionString;
            await using var source = NpgsqlDataSource.Create(connection);
            await ClusterSchema.MigrateAsync(source, cancellation);
            return connection;
        }
    }

    public static IEnumerable<string> Settings(ClusterPlan plan, World world)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        return ["--Cluster:ConnectionString", ConnectionOf(plan, world), "--Cluster:AdvertisedAddress", "127.0.0.1", "--Cluster:SiloPort", port.ToString(CultureInfo.InvariantCulture)];
    }

    /// <summary>PostgreSQL counts by itself.</summary>
    public static void Observe(IServiceCollection services)
    {
    }

    public static async Task<DatabaseTraffic> ReadTrafficAsync(ClusterPlan plan, World world, CancellationToken cancellation)
    {
        await Task.Delay(StatisticsDelay, cancellation);
        return new DatabaseTraffic(await WritesAsync("grain_state"), await WritesAsync("reminder"), await ReadProcessorAsync(plan, world, cancellation));

        Task<long> WritesAsync(string table) =>
            AskAsync(plan, world, $"SELECT (n_tup_ins + n_tup_upd + n_tup_del)::bigint FROM pg_stat_user_tables WHERE relname = '{table}'", cancellation);
    }

    public static async Task<DatabaseSize> ReadSizeAsync(ClusterPlan plan, World world, CancellationToken cancellation) => new(
        "tables of state and reminders with indexes",
        await AskAsync(plan, world, "SELECT pg_total_relation_size('grain_state') + pg_total_relation_size('reminder')", cancellation));

    /// <summary>What each silo asks every so often: the reminders of its part of the ring; here of all of it, as one silo alone does.</summary>
    public static async Task<IReadOnlyList<Figure>> MeasureRefreshAsync(ClusterPlan plan, CancellationToken cancellation)
    {
        const string Refresh = "SELECT grain_id, name, start_at, period_ms, version FROM reminder WHERE service_id = 'orleansbackup' AND (grain_hash > 0 OR grain_hash <= 0)";
        var rows = await AskAsync(plan, World.Estate, $"SELECT count(*) FROM ({Refresh}) asked", cancellation);
        // Each column of a row travels with its length (4 bytes), each row with 7 more; numbers as 8, 8 and 4 bytes.
        var bytes = await AskAsync(plan, World.Estate, $"SELECT sum(octet_length(grain_id) + octet_length(name) + 8 + 8 + 4 + 5 * 4 + 7)::bigint FROM ({Refresh}) asked", cancellation);
        await using var source = NpgsqlDataSource.Create(ConnectionOf(plan, World.Estate));
        var times = new List<double>();
        for (var i = 0; i < RefreshesMeasured; i++)
        {
            await using var command = source.CreateCommand($"EXPLAIN (ANALYZE, TIMING OFF) {Refresh}");
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                if (reader.GetString(0) is var line && line.StartsWith("Execution Time: ", StringComparison.Ordinal))
                    times.Add(double.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture));
        }
        var time = times.Order().ElementAt(times.Count / 2);
        return
        [
            new Figure("one refresh: rows", Figures.Count(rows)) { Number = rows },
            new Figure("one refresh: bytes", Figures.Bytes(bytes)) { Number = bytes },
            new Figure("one refresh: time inside PostgreSQL", $"{time:0} ms") { Number = time },
            new Figure("every half hour: rows/s on average", $"{rows / 1800.0:0}"),
            new Figure("every half hour: share of one core of PostgreSQL", string.Create(CultureInfo.InvariantCulture, $"{time / 1000 / 1800 * 100:0.0000} %")),
        ];
    }

    /// <summary>Of the processes that PostgreSQL has now, one for each connection and some of its own.</summary>
    private static async Task<TimeSpan> ReadProcessorAsync(ClusterPlan plan, World world, CancellationToken cancellation)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionOf(plan, world));
        await using var command = source.CreateCommand("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var sum = TimeSpan.Zero;
        while (await reader.ReadAsync(cancellation))
        {
            using var process = Process.GetProcessById(reader.GetInt32(0));
            sum += process.TotalProcessorTime;
        }
        return sum;
    }

    private static string ConnectionOf(ClusterPlan plan, World world) => world switch
    {
        World.Empty => plan.Connections!.Empty,
        World.Estate => plan.Connections!.Estate,
        World.Runs => plan.Connections!.Runs,
        _ => throw new UnreachableException(),
    };

    private static async Task<long> AskAsync(ClusterPlan plan, World world, string sql, CancellationToken cancellation)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionOf(plan, world));
        await using var command = source.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellation), CultureInfo.InvariantCulture);
    }
}
