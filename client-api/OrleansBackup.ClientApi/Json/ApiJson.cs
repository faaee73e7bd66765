using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansBackup.ClientApi.Json;

/// <summary>How the API writes and reads JSON: camelCase, enums as camelCase words, no unknown names in a request.</summary>
internal static class ApiJson
{
    /// <summary>Marks a converter's exception whose text may go to the caller as it stands.</summary>
    public const string MeantForCallers = "OrleansBackup.MeantForCallers";

    public static JsonSerializerOptions Options { get; } = Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        // A misspelt name would be ignored quietly otherwise, and a default would stand where the caller asked for something else.
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        // Of a name that stands twice nobody knows which the caller means, and a filter in front of this server may have read the other.
        options.AllowDuplicateProperties = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        // Subjects in any script stay readable. Answers are never put into HTML by this server without its own escaping.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new CamelCaseEnumConverter());
        options.Converters.Add(new TimeSpanConverter());
        return options;
    }

    public static JsonException Refuse(string messageForCallers) => new(messageForCallers) { Data = { [MeantForCallers] = true } };
}
