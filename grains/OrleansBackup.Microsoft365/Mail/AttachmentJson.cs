using System.Text.Json;

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
                json.WriteRawValue(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(property.Value), skipInputValidation: true);
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
