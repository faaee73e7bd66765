using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansBackup.Domain.Contracts;

/// <summary>One line of a contract's journal: what happened, when, and by whom.</summary>
/// <param name="Number">Counts from 1 without a gap.</param>
/// <param name="Who">The holder of an API key, or <see cref="ContractJournal.Service"/>.</param>
public sealed record JournalEntry(int Number, DateTimeOffset At, string Who, ContractEvent Event);

/// <summary>Writes and reads the lines of a journal. A line that was written can be read for ever.</summary>
public static class ContractJournal
{
    /// <summary>Who did what nobody did by hand.</summary>
    public const string Service = "service";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>One line of text, always the same for the same entry.</summary>
    public static string Write(JournalEntry entry) => JsonSerializer.Serialize(entry, Options);

    /// <exception cref="JsonException">It is no entry.</exception>
    public static JournalEntry Read(string line) => JsonSerializer.Deserialize<JournalEntry>(line, Options) ?? throw new JsonException("The line is null.");
}
