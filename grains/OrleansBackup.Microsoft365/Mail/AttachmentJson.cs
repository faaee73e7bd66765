using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text.Json;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Mail;

/// <summary>Takes the bytes out of an attachment object: they are stored as content, once.</summary>
internal static class AttachmentJson
{
    public static ReadOnlyMemory<byte> WithoutContent(JsonElement attachment)
    {
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var property in attachment.EnumerateObject())
            {
                if (property.NameEquals("contentBytes"u8)) continue;
                json.WritePropertyName(property.Name);
                json.WriteRawValue(JsonMarshal.GetRawUtf8Value(property.Value), skipInputValidation: true);
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <returns>The attachment's bytes from their start; null if the object has none, or what it has is not base64.</returns>
    public static Stream? ContentOf(JsonElement attachment)
    {
        if (!attachment.TryGetProperty("contentBytes"u8, out var bytes) || bytes.ValueKind != JsonValueKind.String) return null;
        var text = JsonMarshal.GetRawUtf8Value(bytes)[1..^1];
        if (text.Contains((byte)'\\')) return bytes.TryGetBytesFromBase64(out var unescaped) ? new MemoryStream(unescaped, writable: false) : null;
        var content = PooledMemory.NewStream();
        while (true)
        {
            var status = Base64.DecodeFromUtf8(text, content.GetSpan(3), out var consumed, out var written);
            content.Advance(written);
            text = text[consumed..];
            if (status == OperationStatus.DestinationTooSmall) continue;
            if (status == OperationStatus.Done)
            {
                content.Position = 0;
                return content;
            }

            content.Dispose();
            return null;
        }
    }
}
