using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansBackup.Demo.Clients;

/// <summary>The one way in which the demonstration reads and writes JSON: camelCase names, enums as camelCase text.</summary>
internal static class DemoJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}
