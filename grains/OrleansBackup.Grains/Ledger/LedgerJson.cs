using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Ledger;

/// <summary>Documents of a ledger as text. Stored: members may be added, and what is there keeps its meaning.</summary>
internal static class LedgerJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Always the same text for the same document.</summary>
    public static string Write<T>(T document) => JsonSerializer.Serialize(document, Options);

    /// <exception cref="JsonException">It is no such document.</exception>
    public static T Read<T>(VaultDocument document) => JsonSerializer.Deserialize<T>(document.Text, Options) ?? throw new JsonException($"Document '{document.Name}' is empty.");

    /// <exception cref="JsonException">It is no such document.</exception>
    public static T Read<T>(string text) => JsonSerializer.Deserialize<T>(text, Options) ?? throw new JsonException("The document is empty.");
}
