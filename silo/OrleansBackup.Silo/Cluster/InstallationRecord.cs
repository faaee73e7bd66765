using Microsoft.Extensions.Options;
using Npgsql;
using OrleansBackup.Grains.Composition;

namespace OrleansBackup.Silo.Cluster;

/// <summary>What all silos have to have alike, in the cluster's database.</summary>
internal sealed class InstallationRecord(ClusterDatabase database, IOptions<ClusterSettings> settings) : IInstallationRecord
{
    private const string Find = "SELECT value FROM installation WHERE service_id = $1 AND name = $2";
    private const string Insert = "INSERT INTO installation (service_id, name, value) VALUES ($1, $2, $3) ON CONFLICT (service_id, name) DO NOTHING";
    private const string Update = "UPDATE installation SET value = $4 WHERE service_id = $1 AND name = $2 AND value = $3";

    public async Task<string?> FindAsync(string name, CancellationToken cancellation)
    {
        string? found = null;
        await database.PatientlyAsync(async () =>
        {
            await using var command = database.Source.CreateCommand(Find);
            found = (string?)await With(command, name).ExecuteScalarAsync(cancellation);
        }, cancellation);
        return found;
    }

    public async Task<string> KeepFirstAsync(string name, string value, CancellationToken cancellation)
    {
        await WriteAsync(Insert, [name, value], cancellation);
        return await FindAsync(name, cancellation) ?? throw new InvalidOperationException($"'{name}' went from the table installation as soon as it was written.");
    }

    public Task ReplaceAsync(string name, string before, string value, CancellationToken cancellation) => WriteAsync(Update, [name, before, value], cancellation);

    // Each may be repeated: a write whose answer was lost has happened, and happens no second time.
    private Task WriteAsync(string sql, string[] values, CancellationToken cancellation) => database.PatientlyAsync(async () =>
    {
        await using var command = database.Source.CreateCommand(sql);
        await With(command, values).ExecuteNonQueryAsync(cancellation);
    }, cancellation);

    private NpgsqlCommand With(NpgsqlCommand command, params string[] values)
    {
        foreach (var value in (string[])[settings.Value.ServiceId, .. values])
            command.Parameters.Add(new() { Value = value });
        return command;
    }
}
