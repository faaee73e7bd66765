using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace OrleansBackup.CommandLine.Output;

/// <summary>One column of a table, or one line of a sheet: its title, and how it is read from a row.</summary>
/// <param name="Read">Gives text that may be a stranger's: whoever shows it makes it safe.</param>
internal sealed record Column(string Title, Func<JsonElement, TimeZoneInfo, string> Read)
{
    public bool IsNumber { get; private init; }

    /// <summary>Never broken over lines: an id that is to be copied.</summary>
    public bool IsWhole { get; private init; }

    public static Column Text(string title, string path) => new(title, (row, _) => row.Text(path));

    /// <summary>What is typed into another command: kept on one line.</summary>
    public static Column Id(string title, string path) => new(title, (row, _) => row.Text(path)) { IsWhole = true };

    public static Column Number(string title, string path) => new(title, (row, _) => row.At(path) is { ValueKind: JsonValueKind.Number } value
        ? value.TryGetInt64(out var whole) ? whole.ToString("N0", CultureInfo.InvariantCulture) : value.GetRawText() : "") { IsNumber = true, IsWhole = true };

    public static Column Bytes(string title, string path) => new(title, (row, _) => row.At(path).ValueKind == JsonValueKind.Number ? Units.Bytes(row.Number(path)) : "") { IsNumber = true, IsWhole = true };

    public static Column Time(string title, string path) => new(title, (row, zone) => row.Time(path) is { } time ? Units.Time(time, zone) : row.Text(path));

    public static Column Money(string title, string path) => new(title, (row, _) => Units.Money(row.At(path))) { IsNumber = true, IsWhole = true };

    public static Column Of(string title, Func<JsonElement, string> read) => new(title, (row, _) => read(row));

    /// <summary>Colours carry meaning only: red wants a person, yellow may soon, green is well.</summary>
    public static Style StyleOf(string cell) => cell switch
    {
        "failed" or "overdue" or "critical" or "cancelled" or "missing" => new Style(Color.Red),
        "succeededWithWarnings" or "completedWithFailures" or "late" or "running" or "skipped" or "accepted" => new Style(Color.Yellow),
        "succeeded" or "completed" or "healthy" or "restored" or "protected" or "granted" or "done" => new Style(Color.Green),
        _ => Style.Plain,
    };
}
