using System.Data;
using Npgsql;

namespace OrleansBackup.PostgresSchema.Tests;

/// <summary>Asks a database as Orleans' ADO.NET providers do: the text from OrleansQuery, parameters by name with the type of their value.</summary>
internal sealed class Provider(NpgsqlDataSource database)
{
    private static readonly Dictionary<Type, DbType> Types = new()
    {
        [typeof(int)] = DbType.Int32, [typeof(long)] = DbType.Int64, [typeof(string)] = DbType.String, [typeof(byte[])] = DbType.Binary, [typeof(DateTime)] = DbType.DateTime,
    };

    public const string Cluster = "cluster-a", Service = "service-a";

    public static readonly DateTime Start = new(2026, 3, 1, 9, 30, 0, DateTimeKind.Utc);

    /// <summary>The keys that the database has.</summary>
    public async Task<List<string>> KeysAsync()
    {
        await using var command = database.CreateCommand("SELECT QueryKey FROM OrleansQuery ORDER BY 1");
        await using var reader = await command.ExecuteReaderAsync();
        var keys = new List<string>();
        while (await reader.ReadAsync())
            keys.Add(reader.GetString(0));
        return keys;
    }

    /// <summary>Rows of the result, values by column; a null value has the type int.</summary>
    public async Task<List<Dictionary<string, object?>>> AskAsync(string key, params (string Name, object? Value)[] parameters)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var text = new NpgsqlCommand("SELECT QueryText FROM OrleansQuery WHERE QueryKey = $1", connection) { Parameters = { new() { Value = key } } };
#pragma warning disable CA2100 // this is how the providers do it
        await using var command = new NpgsqlCommand((string)(await text.ExecuteScalarAsync())!, connection);
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
            command.Parameters.Add(new NpgsqlParameter { ParameterName = name, Value = value is Absent ? DBNull.Value : value ?? DBNull.Value, DbType = value is Absent absent ? Types[absent.Type] : Types[value?.GetType() ?? typeof(int)] });
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<Dictionary<string, object?>>();
        while (await reader.ReadAsync())
            rows.Add(Enumerable.Range(0, reader.FieldCount).ToDictionary(reader.GetName, column => reader.IsDBNull(column) ? null : reader.GetValue(column)));
        return rows;
    }

    /// <summary>The one value of a result of one row and column.</summary>
    public async Task<object?> ValueAsync(string key, params (string Name, object? Value)[] parameters) => Assert.Single(Assert.Single(await AskAsync(key, parameters))).Value;

    /// <summary>No value, of a type.</summary>
    public sealed record Absent(Type Type);
}
