using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace OrleansBackup.Vault.Keys.Destruction;

/// <summary>JSON in the one form that is signed: members in ordinal order of their names, no white space, whole numbers only, UTF-8.</summary>
/// <remarks>The audit book and rehearsals sign the same form, and have it written a second time: the vault refers to nothing of the service, and what it signs is read by members that
/// are typed, theirs by members that are looked up. The form is fixed by what was signed and kept, so neither can change alone; a test reads with the one what the other has written.</remarks>
internal static class CanonicalJson
{
    private static readonly JsonSerializerOptions Shape = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    // Only what JSON itself demands is escaped, so that the form does not depend on a list of characters.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write<T>(T value) => Write(JsonSerializer.SerializeToNode(value, Shape));

    /// <exception cref="JsonException">Not JSON, or not of this shape.</exception>
    public static T Read<T>(ReadOnlySpan<byte> bytes) => JsonSerializer.Deserialize<T>(bytes, Shape) ?? throw new JsonException("It is null.");

    /// <exception cref="JsonException">Not JSON at all.</exception>
    public static bool IsCanonical(ReadOnlySpan<byte> bytes)
    {
        try { return Write(JsonNode.Parse(bytes)).AsSpan().SequenceEqual(bytes); }
        catch (ArgumentException) { return false; } // a member twice
    }

    private static byte[] Write(JsonNode? node)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Plain))
            Write(node, writer);
        return bytes.ToArray();
    }

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
