using System.Data.Common;
using Microsoft.Extensions.Options;
using Npgsql;
using OrleansBackup.PostgresSchema;

namespace OrleansBackup.Silo.Cluster;

/// <summary>The connections of this process to the cluster's PostgreSQL, shared by everything that asks it.</summary>
internal sealed partial class ClusterDatabase(IOptions<ClusterSettings> settings, ILoggerFactory logs, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Statements that a connection keeps prepared: there are twenty, and preparing them anew each time more than doubles the cost of a write.</summary>
    private const int PreparedStatements = 50;

    /// <summary>Connections at most, unless the connection string names another number. PostgreSQL takes 100 by default, which all silos share, and more than its cores can serve only wait inside it.</summary>
    private const int MostConnections = 30;

    /// <summary>Seconds for which a question waits for a connection, unless the connection string names another number.</summary>
    /// <remarks>After a start everything wants one at the same moment, and each new one costs the database a process and the check of a password: on a busy machine many seconds in all.</remarks>
    private const int ConnectWithinSeconds = 60;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ILogger _log = logs.CreateLogger<ClusterDatabase>();

    public NpgsqlDataSource Source { get; } = Open(settings.Value);

    /// <exception cref="IOException">A file that a setting names cannot be read.</exception>
    /// <exception cref="ArgumentException">It is not in Npgsql's form.</exception>
    public static string ConnectionString(ClusterSettings settings)
    {
        var text = settings.ConnectionStringFile is { } file ? File.ReadAllText(file).Trim() : settings.ConnectionString;
        var (builder, given) = (new NpgsqlConnectionStringBuilder(text), new DbConnectionStringBuilder { ConnectionString = text });
        if (!given.ContainsKey("Maximum Pool Size") && !given.ContainsKey("MaxPoolSize"))
            builder.MaxPoolSize = Math.Max(MostConnections, builder.MinPoolSize);
        if (!given.ContainsKey("Timeout"))
            builder.Timeout = ConnectWithinSeconds;
        if (settings.PasswordFile is { } password)
            builder.Password = File.ReadAllText(password).Trim();
        if (builder.MaxAutoPrepare == 0)
            builder.MaxAutoPrepare = PreparedStatements;
        builder.ApplicationName ??= "OrleansBackup";
        return builder.ConnectionString;
    }

    public static NpgsqlDataSource Open(ClusterSettings settings) => NpgsqlDataSource.Create(ConnectionString(settings));

    /// <summary>Waits a while for a database that starts together with this process, then demands its tables.</summary>
    /// <exception cref="SchemaProblemException">It does not answer, or its tables are not those that this release needs.</exception>
    public Task RequireSchemaAsync(CancellationToken cancellation) => PatientlyAsync(() => ClusterSchema.CheckAsync(Source, cancellation), cancellation);

    /// <inheritdoc cref="ClusterSchema.MigrateAsync"/>
    public async Task<(int From, int To)> MigrateAsync(CancellationToken cancellation)
    {
        var result = (From: 0, To: 0);
        await PatientlyAsync(async () => result = await ClusterSchema.MigrateAsync(Source, cancellation), cancellation);
        return result;
    }

    public ValueTask DisposeAsync() => Source.DisposeAsync();

    /// <summary>Repeats what a start needs while the database is away for a moment, or too busy to answer, up to <see cref="ClusterSettings.DatabasePatienceSeconds"/>.</summary>
    public async Task PatientlyAsync(Func<Task> work, CancellationToken cancellation)
    {
        var since = time.GetTimestamp();
        while (true)
        {
            try
            {
                await work();
                return;
            }
            catch (Exception problem) when (DatabaseProblems.IsPassing(problem) && time.GetElapsedTime(since) < TimeSpan.FromSeconds(settings.Value.DatabasePatienceSeconds))
            {
                LogWaiting(_log, problem.Message);
            }
            await Task.Delay(Pause, time, cancellation);
        }
    }

    [LoggerMessage(1101, LogLevel.Warning, "Waiting for the database: {Problem}")]
    private static partial void LogWaiting(ILogger log, string problem);
}
