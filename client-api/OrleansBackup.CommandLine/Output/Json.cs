using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OrleansBackup.CommandLine.Output;

/// <summary>Reads answers by the names in them. What an answer lacks is empty: an older or newer server never breaks a table.</summary>
internal static class Json
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="path">Names joined by dots.</param>
    /// <returns>Of kind Undefined: not there.</returns>
    public static JsonElement At(this JsonElement element, string path)
    {
        foreach (var name in path.Split('.'))
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                return default;
        }
        return element;
    }

    /// <summary>As it is, for requests and comparisons; not fit for a terminal.</summary>
    public static string Text(this JsonElement element, string path = "")
    {
        var value = path.Length == 0 ? element : element.At(path);
        return value.ValueKind switch
        {
            JsonValueKind.String => Characters(value),
            JsonValueKind.Undefined or JsonValueKind.Null => "",
            JsonValueKind.True => "yes",
            JsonValueKind.False => "no",
            JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(item => item.Text())),
            _ => value.GetRawText(),
        };
    }

    private static string Characters(JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException(e.Message, e); // half a character: no text
        }
    }

    public static long Number(this JsonElement element, string path) => element.At(path) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : 0;

    public static bool IsTrue(this JsonElement element, string path) => element.At(path).ValueKind == JsonValueKind.True;

    public static IReadOnlyList<JsonElement> Items(this JsonElement element, string path) =>
        element.At(path) is { ValueKind: JsonValueKind.Array } value ? [.. value.EnumerateArray()] : [];

    public static DateTimeOffset? Time(this JsonElement element, string path) => DateTimeOffset.TryParse(
        element.Text(path), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    /// <summary>The same JSON; control characters in strings are escaped in either form.</summary>
    public static string Written(JsonElement element, bool indented = true) => Written(element.WriteTo, indented);

    public static string Written(Action<Utf8JsonWriter> write, bool indented = true)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, indented ? Indented : OneLine))
            write(writer);
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }
}
