using System.Net.Sockets;
using Npgsql;

namespace OrleansBackup.PostgresSchema;

/// <summary>Puts what PostgreSQL refuses into one line that says what to do. Never the password.</summary>
public static class DatabaseProblems
{
    /// <summary>Which database a connection string means, for a message.</summary>
    public static string NameOf(NpgsqlDataSource database)
    {
        ArgumentNullException.ThrowIfNull(database);
        var connection = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        return $"The database '{connection.Database ?? connection.Username}' at {connection.Host}:{connection.Port}";
    }

    /// <summary>Whether the same may succeed in a moment with nobody doing anything: the server starts, restarts, or is not reached right now.</summary>
    public static bool IsPassing(Exception error) => error switch
    {
        SchemaProblemException { InnerException: { } inner } => IsPassing(inner),
        PostgresException refused => refused.IsTransient || refused.SqlState is PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown,
        NpgsqlException => error.InnerException is SocketException { SocketErrorCode: not SocketError.HostNotFound } or IOException or TimeoutException,
        _ => false,
    };

    internal static async Task<T> ExplainAsync<T>(NpgsqlDataSource database, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (NpgsqlException error)
        {
            throw new SchemaProblemException($"{NameOf(database)} {Explain(error)}", error);
        }
    }

    private static string Explain(NpgsqlException error) => error switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } refused =>
            $"refuses the sign-in: {refused.MessageText}. Correct user and password in Cluster:ConnectionString.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } refused => $"cannot be opened: {refused.MessageText}. Make it (CREATE DATABASE), or correct Cluster:ConnectionString.",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } refused => $"refuses: {refused.MessageText}. Give the user of Cluster:ConnectionString the right to its schema.",
        PostgresException refused => $"refuses: {refused.MessageText} ({refused.SqlState}).",
        _ => $"cannot be reached: {error.InnerException?.Message ?? error.Message} Look whether it runs, and correct Cluster:ConnectionString if it is elsewhere.",
    };
}
