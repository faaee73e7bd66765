using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansBackup.SqliteStorage;

/// <summary>How state is written: JSON that a person can read, with no name of any type or assembly in it.</summary>
/// <remarks>
/// Additive: what an older release did not know is skipped, what it did not write has its default. Enums are written by name and
/// ids as their plain value, so neither a new enum member nor a renamed type changes what is stored.
/// </remarks>
public static class StateJson
{
    /// <summary>The version of these rules, stored with every document.</summary>
    public const int Format = 1;

    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            AllowOutOfOrderMetadataProperties = true,
            Converters = { new JsonStringEnumConverter(), new SingleValueConverterFactory() },
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // stays in our own file; never part of a page
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
