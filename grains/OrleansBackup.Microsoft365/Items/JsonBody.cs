using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OrleansBackup.Microsoft365.Items;

/// <summary>Writes the body of a request, and takes properties over from what Graph once sent, byte for byte.</summary>
internal static class JsonBody
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Writing))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <summary>Takes over those of the properties that are there and not null.</summary>
    public static void Copy(Utf8JsonWriter json, JsonElement from, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (!from.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined) continue;
            json.WritePropertyName(name);
            Raw(json, value);
        }
    }

    public static void Raw(Utf8JsonWriter json, JsonElement value) => json.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);

    public static void Extended(Utf8JsonWriter json, params ReadOnlySpan<(string Id, string Value)> properties)
    {
        json.WriteStartArray("singleValueExtendedProperties");
        foreach (var (id, value) in properties)
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteString("value", value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static bool IsTrue(JsonElement item, string name) => item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    public static JsonDocument Parse(ReadOnlyMemory<byte> json) => JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 128 });
}
