using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrleansBackup.Domain.Evidence;

/// <summary>JSON in the one form that is hashed and signed: members in ordinal order of their names, no white space, whole numbers only, UTF-8.</summary>
/// <remarks>The same form as that of deletion records, which the vault writes itself (there it says why). A stranger makes it with any JSON library: sort, write tightly, escape only what JSON demands.</remarks>
public static class CanonicalJson
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(JsonNode? node)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Plain))
            Write(node, writer);
        return bytes.ToArray();
    }

    /// <returns>Null: it is not JSON, not an object, or not in this form.</returns>
    public static JsonObject? Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonNode.Parse(bytes) is JsonObject read && Write(read).AsSpan().SequenceEqual(bytes) ? read : null;
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            return null; // no JSON; a member twice; half of a surrogate pair
        }
    }

    /// <summary>A member that has to be a text; null: it is none.</summary>
    public static string? Text(this JsonObject from, string name) => from[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>A member that has to be a whole number; null: it is none.</summary>
    public static long? Number(this JsonObject from, string name) => from[name] is JsonValue value && value.TryGetValue<long>(out var number) ? number : null;

    private static void Write(JsonNode? node, Utf8JsonWriter writer)
    {
        switch (node)
        {
            case JsonObject members:
                writer.WriteStartObject();
                foreach (var (name, value) in members.OrderBy(member => member.Key, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(name);
                    Write(value, writer);
                }
                writer.WriteEndObject();
                break;
            case JsonArray items:
                writer.WriteStartArray();
                foreach (var item in items)
                    Write(item, writer);
                writer.WriteEndArray();
                break;
            case null:
                writer.WriteNullValue();
                break;
            default:
                if (node.GetValueKind() == JsonValueKind.String)
                    writer.WriteStringValue(node.GetValue<string>());
                else
                    node.WriteTo(writer);
                break;
        }
    }
}
