using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OrleansBackup.VaultReader;

/// <summary>Rows for people, or one JSON object a line for programs.</summary>
internal sealed class TableWriter(TextWriter output, bool json)
{
    private const int RowsMeasured = 200, WidestColumn = 60;
    private const string Gap = "  ";
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Widths follow from the first rows, so that a million rows need no memory.</summary>
    public async Task WriteAsync(string[] columns, IAsyncEnumerable<object?[]> rows, CancellationToken cancellation)
    {
        if (json)
        {
            await foreach (var row in rows.WithCancellation(cancellation))
                await output.WriteLineAsync(JsonSerializer.Serialize(columns.Zip(row).ToDictionary(c => c.First, c => c.Second), Plain));
            return;
        }
        var (first, widths) = (new List<string[]> { columns }, (int[]?)null);
        await foreach (var row in rows.WithCancellation(cancellation))
        {
            var cells = Array.ConvertAll(row, TextOf);
            if (widths is not null)
                await WriteRowAsync(cells, widths);
            else
                first.Add(cells);
            if (widths is null && first.Count > RowsMeasured)
                widths = await WriteFirstAsync(first);
        }
        if (widths is null)
            await WriteFirstAsync(first);
    }

    public async Task SayAsync(string text)
    {
        if (!json)
            await output.WriteLineAsync(text);
    }

    private async Task<int[]> WriteFirstAsync(List<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(c => Math.Min(WidestColumn, rows.Max(r => r[c].Length))).ToArray();
        foreach (var row in rows)
            await WriteRowAsync(row, widths);
        return widths;
    }

    private Task WriteRowAsync(string[] cells, int[] widths) =>
        output.WriteLineAsync(string.Join(Gap, cells.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());

    // A name comes from a stranger's mail: no control character of it reaches the terminal.
    private static string TextOf(object? value) => value switch
    {
        null => "",
        DateTimeOffset time => time.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => string.Concat(value.ToString()!.Select(c => char.IsControl(c) ? ' ' : c)),
    };
}
