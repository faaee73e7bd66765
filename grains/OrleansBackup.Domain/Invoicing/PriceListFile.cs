using System.Text.Json;
using OrleansBackup.Domain.Documents;

namespace OrleansBackup.Domain.Invoicing;

/// <summary>Reads and writes a price list's JSON document. Strict, as plans are: what is misspelt or missing is an error.</summary>
public static class PriceListFile
{
    /// <exception cref="JsonException">It is no price list, or one that makes no sense.</exception>
    public static PriceList Read(string json)
    {
        var list = JsonSerializer.Deserialize<PriceList>(json, StrictJson.Options) ?? throw new JsonException("The document is null.");
        return list.Problem() is { } problem ? throw new JsonException(problem) : list;
    }

    /// <summary>Always the same text for the same list.</summary>
    public static string Write(PriceList list) => JsonSerializer.Serialize(list, StrictJson.Options);
}
