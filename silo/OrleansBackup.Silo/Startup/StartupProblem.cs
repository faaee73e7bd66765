using System.Data.Common;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Npgsql;
using OrleansBackup.ClientApi;
using OrleansBackup.PostgresSchema;
using OrleansBackup.SqliteStorage;
using OrleansBackup.Vault;

namespace OrleansBackup.Silo.Startup;

/// <summary>Puts the known reasons for which a server does not start into one line that says what to do.</summary>
public static partial class StartupProblem
{
    /// <returns>Null: not a known reason, so it is a fault of the program and its trace is needed.</returns>
    public static string? Explain(Exception error) => Known(error) ?? Inner(error).Select(Explain).FirstOrDefault(line => line is not null);

    private static string? Known(Exception error) => error switch
    {
        ConfigurationProblemException or SchemaProblemException => error.Message,
        OptionsValidationException wrong => string.Join(" ", wrong.Failures.Select(failure => Setting(wrong.OptionsType, failure))),
        // One failure for each part of the configuration that is wrong: name them all at once.
        AggregateException { InnerExceptions: var all } when all.All(inner => inner is OptionsValidationException) => string.Join(" ", all.Select(Known)),
        InvalidOperationException { InnerException: FormatException or ArgumentException or OverflowException }
            when error.Message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal) => $"{error.Message} Correct that setting.",
        VaultException => error.Message,
        AddressInUseException or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } =>
            "The address of Api:Url is in use by another program (in a cluster it may be that of Cluster:SiloPort). Stop that one, or set Api:Url to another port (port 0 takes a free one).",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable or SocketError.AccessDenied } socket =>
            $"The address of Api:Url cannot be used: {socket.Message}. Set Api:Url to an address of this machine and a port that this account may open.",
        StateStoreException => error.Message,
        NpgsqlException => $"The cluster's database failed: {Innermost(error).Message} Look whether it runs and start again.",
        DbException => $"The state file 'state.db' in the data folder cannot be used: {error.Message} Put it back from a copy, or look whether another program wrote to it.",
        _ => null,
    };

    // What a driver wraps around it, such as "Exception while reading from stream", says less.
    private static Exception Innermost(Exception error) => error.InnerException is { } inner ? Innermost(inner) : error;

    private static Exception[] Inner(Exception error) =>
        error is AggregateException aggregate ? [.. aggregate.InnerExceptions] : error.InnerException is { } inner ? [inner] : [];

    // "DataAnnotation validation failed for 'T' members: 'M' with the error: 'E'." becomes "Section:M: E"; what we wrote ourselves names its setting.
    private static string Setting(Type options, string failure)
    {
        if (AnnotationFailure().Match(failure) is not { Success: true } match)
            return failure.EndsWith('.') ? failure : $"{failure}.";
        var (member, error) = (match.Groups["member"].Value, match.Groups["error"].Value);
        var section = options.GetField("Section")?.GetRawConstantValue() as string;
        return member.Length == 0 || section is null ? error : $"{section}:{member}: {error}";
    }

    [GeneratedRegex("^DataAnnotation validation failed for '.*' members: '(?<member>[^']*)' with the error: '(?<error>.*)'\\.$", RegexOptions.NonBacktracking)]
    private static partial Regex AnnotationFailure();
}
