using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansBackup.Domain.Invoicing;

/// <summary>The canonical JSON of an invoice: what is kept when it is issued, and what its hash is taken of. The kept bytes are handed out for ever, whatever later releases would write.</summary>
public static class InvoiceFile
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false), new TenantIdConverter() },
    };

    /// <summary>Always the same text for the same invoice.</summary>
    public static string Write(Invoice invoice) => JsonSerializer.Serialize(invoice, Options);

    /// <exception cref="JsonException">It is no invoice.</exception>
    public static Invoice Read(string json) => JsonSerializer.Deserialize<Invoice>(json, Options) ?? throw new JsonException("The document is null.");

    /// <summary>SHA-256 of the text in UTF-8, in small letters.</summary>
    public static string HashOf(string json) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)));

    private sealed class TenantIdConverter : JsonConverter<Identity.TenantId>
    {
        public override Identity.TenantId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Identity.TenantId.Parse(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, Identity.TenantId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
