using System.Globalization;
using Microsoft.Data.Sqlite;
using Orleans;
using Orleans.Runtime;

namespace OrleansBackup.SqliteStorage;

/// <summary>Reminders in the state file. When a method returns, its change is on the disk.</summary>
public sealed class SqliteReminderTable(SqliteStateFile file) : IReminderTable
{
    private const string Columns = "SELECT grain_id, name, etag, start_at, period FROM reminder";
    private const string SelectAll = Columns;
    private const string SelectOfGrain = Columns + " WHERE grain_id = $grain";
    private const string SelectOne = Columns + " WHERE grain_id = $grain AND name = $name";
    private const string Count = "SELECT count(*), count(*) FILTER (WHERE start_at < $late), count(*) FILTER (WHERE start_at <= $soon) FROM reminder";
    private const string Upsert =
        "INSERT INTO reminder (grain_id, name, etag, start_at, period) VALUES ($grain, $name, $etag, $start, $period) "
        + "ON CONFLICT (grain_id, name) DO UPDATE SET etag = excluded.etag, start_at = excluded.start_at, period = excluded.period";
    private const string Delete = "DELETE FROM reminder WHERE grain_id = $grain AND name = $name AND etag = $etag";
    private const string DeleteAll = "DELETE FROM reminder";

    public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public async Task<ReminderTableData> ReadRows(GrainId grainId)
    {
        var grain = grainId.ToString();
        return new ReminderTableData(await file.ReadAsync(session => Read(session.Statement(SelectOfGrain, ("$grain", grain)))));
    }

    public async Task<ReminderTableData> ReadRows(uint begin, uint end)
    {
        // A single machine asks for everything; a range is cut out here, so that no engine's hash is part of the file.
        var all = await file.ReadAsync(session => Read(session.Statement(SelectAll)));
        return new ReminderTableData(begin == end ? all : all.Where(entry => IsWithin(entry.GrainId.GetUniformHashCode(), begin, end)));
    }

    /// <summary>How many reminders there are, and whose stored moment lies before <paramref name="late"/> or at most at <paramref name="soon"/>. Reads no row into memory.</summary>
    public async Task<(long All, long Late, long Soon)> CountAsync(DateTime late, DateTime soon) => await file.ReadAsync(session =>
    {
        using var reader = session.Statement(Count, ("$late", Stored(late)), ("$soon", Stored(soon))).ExecuteReader();
        reader.Read();
        return (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
    });

    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName)
    {
        var grain = grainId.ToString();
        var rows = await file.ReadAsync(session => Read(session.Statement(SelectOne, ("$grain", grain), ("$name", reminderName))));
        return rows.Count == 0 ? null : rows[0];
    }

    public async Task<string?> UpsertRow(ReminderEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var (grain, name, etag) = (entry.GrainId.ToString(), entry.ReminderName, SqliteGrainStorage.NewEtag());
        var start = Stored(entry.StartAt);
        var period = entry.Period.ToString("c", CultureInfo.InvariantCulture);
        await file.WriteAsync(session =>
            session.Execute(Upsert, ("$grain", grain), ("$name", name), ("$etag", etag), ("$start", start), ("$period", period)));
        return etag;
    }

    public async Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag)
    {
        var grain = grainId.ToString();
        return await file.WriteAsync(session => session.Execute(Delete, ("$grain", grain), ("$name", reminderName), ("$etag", eTag))) == 1;
    }

    public Task TestOnlyClearTable() => file.WriteAsync(session => session.Execute(DeleteAll));

    // One length for all, so that the order of the texts is the order of the times.
    private static string Stored(DateTime time) => DateTime.SpecifyKind(time, DateTimeKind.Utc).ToString("O", CultureInfo.InvariantCulture);

    private static bool IsWithin(uint hash, uint begin, uint end) => begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;

    private static List<ReminderEntry> Read(SqliteCommand command)
    {
        using var reader = command.ExecuteReader();
        var entries = new List<ReminderEntry>();
        var (types, names) = (new Dictionary<GrainType, GrainType>(), new Dictionary<string, string>(StringComparer.Ordinal)); // a few, which all rows share in memory
        while (reader.Read())
        {
            var (grain, name) = (GrainId.Parse(reader.GetString(0)), reader.GetString(1));
            types.TryAdd(grain.Type, grain.Type);
            names.TryAdd(name, name);
            entries.Add(new ReminderEntry
            {
                GrainId = GrainId.Create(types[grain.Type], grain.Key),
                ReminderName = names[name],
                ETag = reader.GetString(2),
                StartAt = DateTime.ParseExact(reader.GetString(3), "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
                Period = TimeSpan.ParseExact(reader.GetString(4), "c", CultureInfo.InvariantCulture),
            });
        }
        return entries;
    }
}
