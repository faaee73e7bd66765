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
        await using var command = database.Source.CreateCommand(Find);
        return (string?)await With(command, name).ExecuteScalarAsync(cancellation);
    }

    public async Task<string> KeepFirstAsync(string name, string value, CancellationToken cancellation)
    {
        await using (var command = database.Source.CreateCommand(Insert))
            await With(command, name, value).ExecuteNonQueryAsync(cancellation);
        return await FindAsync(name, cancellation) ?? throw new InvalidOperationException($"'{name}' went from the table installation as soon as it was written.");
    }

    public async Task ReplaceAsync(string name, string before, string value, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(Update);
        await With(command, name, before, value).ExecuteNonQueryAsync(cancellation);
    }

    private NpgsqlCommand With(NpgsqlCommand command, params string[] values)
    {
        foreach (var value in (string[])[settings.Value.ServiceId, .. values])
            command.Parameters.Add(new() { Value = value });
        return command;
    }
}
