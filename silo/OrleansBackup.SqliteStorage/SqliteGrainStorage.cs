using System.Text.Json;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace OrleansBackup.SqliteStorage;

/// <summary>Grain state in the state file: one row per grain and state, guarded by an etag.</summary>
/// <remarks>When a write returns, it is on the disk. When it throws a <see cref="StateStoreException"/>, nothing of it is stored.</remarks>
public sealed class SqliteGrainStorage(SqliteStateFile file) : IGrainStorage
{
    private const string Select = "SELECT etag, format, document FROM grain_state WHERE grain_id = $grain AND state_name = $name";
    private const string SelectEtag = "SELECT etag FROM grain_state WHERE grain_id = $grain AND state_name = $name";
    private const string Insert =
        "INSERT INTO grain_state (grain_id, state_name, etag, format, document) VALUES ($grain, $name, $etag, $format, $document) ON CONFLICT DO NOTHING";
    private const string Update =
        "UPDATE grain_state SET etag = $etag, format = $format, document = $document WHERE grain_id = $grain AND state_name = $name AND etag = $old";
    private const string Delete = "DELETE FROM grain_state WHERE grain_id = $grain AND state_name = $name AND etag = $old";

    /// <exception cref="StateStoreException">The stored document is of a newer format, or cannot be read as <typeparamref name="T"/>.</exception>
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        var grain = grainId.ToString();
        var row = await file.ReadAsync(session =>
        {
            using var reader = session.Statement(Select, ("$grain", grain), ("$name", stateName)).ExecuteReader();
            return reader.Read() ? new Row(reader.GetString(0), reader.GetInt64(1), reader.GetString(2)) : null;
        });
        if (row is null)
        {
            grainState.State = StateActivator<T>.Create();
            grainState.ETag = null;
            grainState.RecordExists = false;
            return;
        }
        grainState.State = Parse<T>(grain, stateName, row);
        grainState.ETag = row.Etag;
        grainState.RecordExists = true;
    }

    /// <exception cref="InconsistentStateException">Somebody else has written since this writer read.</exception>
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        var grain = grainId.ToString();
        // Written down before the first await: what the grain changes after this call is not part of it.
        var document = JsonSerializer.Serialize(grainState.State, StateJson.Options);
        var (old, etag) = (grainState.ETag, NewEtag());
        var outcome = await file.WriteAsync(session =>
        {
            var rows = old is null
                ? session.Execute(Insert, ("$grain", grain), ("$name", stateName), ("$etag", etag), ("$format", StateJson.Format), ("$document", document))
                : session.Execute(Update, ("$grain", grain), ("$name", stateName), ("$etag", etag), ("$format", StateJson.Format), ("$document", document), ("$old", old));
            return rows == 1 ? new Outcome(true, etag) : new Outcome(false, StoredEtag(session, grain, stateName));
        });
        if (!outcome.Done)
            throw Inconsistent(stateName, grain, outcome.Etag, old);
        grainState.ETag = etag;
        grainState.RecordExists = true;
    }

    /// <inheritdoc cref="WriteStateAsync{T}"/>
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        var grain = grainId.ToString();
        var old = grainState.ETag;
        var outcome = await file.WriteAsync(session =>
        {
            if (old is not null && session.Execute(Delete, ("$grain", grain), ("$name", stateName), ("$old", old)) == 1)
                return new Outcome(true, null);
            var stored = StoredEtag(session, grain, stateName);
            return new Outcome(stored is null && old is null, stored);
        });
        if (!outcome.Done)
            throw Inconsistent(stateName, grain, outcome.Etag, old);
        grainState.State = StateActivator<T>.Create();
        grainState.ETag = null;
        grainState.RecordExists = false;
    }

    internal static string NewEtag() => Random.Shared.NextInt64().ToString("x16", System.Globalization.CultureInfo.InvariantCulture);

    private static string? StoredEtag(SqliteSession session, string grain, string stateName) =>
        session.Statement(SelectEtag, ("$grain", grain), ("$name", stateName)).ExecuteScalar() as string;

    private static InconsistentStateException Inconsistent(string stateName, string grain, string? stored, string? current) => new(
        $"State '{stateName}' of {grain} was changed by somebody else (stored etag {stored ?? "none"}, ours {current ?? "none"}).", stored, current);

    private static T? Parse<T>(string grain, string stateName, Row row)
    {
        if (row.Format > StateJson.Format)
            throw new StateStoreException($"State '{stateName}' of {grain} has format {row.Format}, of a newer release.", isTransient: false);
        try
        {
            return JsonSerializer.Deserialize<T>(row.Document, StateJson.Options);
        }
        catch (JsonException exception)
        {
            throw new StateStoreException($"State '{stateName}' of {grain} cannot be read as {typeof(T).Name}: {exception.Message}", isTransient: false, exception);
        }
    }

    private sealed record Row(string Etag, long Format, string Document);

    private sealed record Outcome(bool Done, string? Etag);
}
