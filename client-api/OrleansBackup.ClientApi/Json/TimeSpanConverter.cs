using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansBackup.ClientApi.Json;

/// <summary>Spans of time as <c>hh:mm:ss</c>, with days in front as <c>d.hh:mm:ss</c> where there are any.</summary>
internal sealed class TimeSpanConverter : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && TimeSpan.TryParseExact(reader.GetString(), "c", CultureInfo.InvariantCulture, out var value)
            ? value
            : throw ApiJson.Refuse("A span of time is written hh:mm:ss, such as \"20:00:00\", with days in front where there are any: \"1.00:00:00\".");

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString("c", CultureInfo.InvariantCulture));
}
