using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansBackup.SqliteStorage;

/// <summary>Value objects of one value, such as ids, are stored as that value, and can be keys of dictionaries.</summary>
/// <remarks>A value object is a struct whose only field is set by a public constructor with that one parameter.</remarks>
internal sealed class SingleValueConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert is { IsValueType: true, IsPrimitive: false, IsEnum: false }
        && typeToConvert.Assembly != typeof(object).Assembly && Find(typeToConvert) is not null;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options)
    {
        var (field, constructor) = Find(typeToConvert)!.Value;
        return (JsonConverter)Activator.CreateInstance(
            typeof(SingleValueConverter<,>).MakeGenericType(typeToConvert, field.FieldType), field, constructor)!;
    }

    private static (FieldInfo Field, ConstructorInfo Constructor)? Find(Type type)
    {
        if (type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic) is not [var field])
            return null;
        return type.GetConstructor([field.FieldType]) is { } constructor ? (field, constructor) : null;
    }
}

/// <inheritdoc cref="SingleValueConverterFactory"/>
internal sealed class SingleValueConverter<T, TValue>(FieldInfo field, ConstructorInfo constructor) : JsonConverter<T>
    where T : struct
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Wrap(Inner(options).Read(ref reader, typeof(TValue), options));

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        if (Unwrap(value) is { } inner)
            Inner(options).Write(writer, inner, options);
        else
            writer.WriteNullValue(); // default of a struct around a text
    }

    public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Wrap(Inner(options).ReadAsPropertyName(ref reader, typeof(TValue), options));

    public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        Inner(options).WriteAsPropertyName(writer, Unwrap(value)!, options);

    private static JsonConverter<TValue> Inner(JsonSerializerOptions options) => (JsonConverter<TValue>)options.GetConverter(typeof(TValue));

    private T Wrap(TValue? value) => (T)constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, [value], null);

    private TValue? Unwrap(T value) => (TValue?)field.GetValue(value);
}
