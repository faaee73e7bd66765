using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansBackup.Domain.Invoicing;

/// <summary>Reads and writes a price list's JSON document. Strict, as plans are: what is misspelt or missing is an error.</summary>
public static class PriceListFile
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.Strict,
        PropertyNameCaseInsensitive = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <exception cref="JsonException">It is no price list, or one that makes no sense.</exception>
    public static PriceList Read(string json)
    {
        var list = JsonSerializer.Deserialize<PriceList>(json, Options) ?? throw new JsonException("The document is null.");
        return list.Problem() is { } problem ? throw new JsonException(problem) : list;
    }

    /// <summary>Always the same text for the same list.</summary>
    public static string Write(PriceList list) => JsonSerializer.Serialize(list, Options);
}
