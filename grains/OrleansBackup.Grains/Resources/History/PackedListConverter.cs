using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansBackup.Grains.Resources.History;

/// <summary>A packed list as it is stored: the plain array of its elements, as it was before there were packed lists.</summary>
internal sealed class PackedListConverter : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(PackedList<,>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<,>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

    private sealed class Converter<T, TPacking> : JsonConverter<PackedList<T, TPacking>>
        where TPacking : IPacking<T>
    {
        public override PackedList<T, TPacking> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            [.. JsonSerializer.Deserialize<T[]>(ref reader, options)!];

        public override void Write(Utf8JsonWriter writer, PackedList<T, TPacking> value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            foreach (var element in value)
                JsonSerializer.Serialize(writer, element, options);
            writer.WriteEndArray();
        }
    }
}
