using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansBackup.Domain.Reports;

/// <summary>A report as text that never changes again, and the hash that proves it.</summary>
/// <remarks>The text is the report: whoever makes a document of an old month reads it, and asks nobody else.</remarks>
public sealed record FrozenReport(string Text, string Sha256)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static FrozenReport Of(MonthlyReport report)
    {
        var text = JsonSerializer.Serialize(report, Options);
        return new(text, HashOf(text));
    }

    /// <summary>A text that was frozen before.</summary>
    public static FrozenReport OfText(string text) => new(text, HashOf(text));

    /// <exception cref="InvalidDataException">The text is not what was frozen.</exception>
    public MonthlyReport Thaw()
    {
        if (HashOf(Text) != Sha256)
            throw new InvalidDataException("The report's text is not the one that was frozen: its hash differs.");
        return JsonSerializer.Deserialize<MonthlyReport>(Text, Options) ?? throw new InvalidDataException("The report's text is null.");
    }

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
