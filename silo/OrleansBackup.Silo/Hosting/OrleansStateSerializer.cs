using System.Text.Json;
using Orleans.Storage;
using OrleansBackup.SqliteStorage;

namespace OrleansBackup.Silo.Hosting;

/// <summary>Grain state as the same JSON that one machine keeps: no name of any type or assembly in it, so both can be renamed.</summary>
internal sealed class OrleansStateSerializer : IGrainStorageSerializer
{
    public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input, StateJson.Options));

    /// <exception cref="StateStoreException">The document cannot be read as <typeparamref name="T"/>.</exception>
    public T? Deserialize<T>(BinaryData input)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(input.ToMemory().Span, StateJson.Options);
        }
        catch (JsonException exception)
        {
            throw new StateStoreException($"Stored state cannot be read as {typeof(T).Name}: {exception.Message}", isTransient: false, exception);
        }
    }
}
